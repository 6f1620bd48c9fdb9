/* app_services.h - what a command that comes over the control socket may use: the `arg` of its control_run. Outlives the call. */
#ifndef APP_APP_SERVICES_H
#define APP_APP_SERVICES_H

struct command;
struct config;
struct hub;
struct store_db;

struct app_services {
    const struct command *commands; /* the command line's table; app only hands it on */
    const struct config *config;
    struct store_db *db;
    struct hub *hub;
};

#endif

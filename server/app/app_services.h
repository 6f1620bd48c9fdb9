/* app_services.h - services for a command from the control socket: the `arg` of its control_run. Outlives the call. */
#ifndef APP_APP_SERVICES_H
#define APP_APP_SERVICES_H

#include <stdint.h>

struct command;
struct config;
struct hub;
struct store_db;

struct app_services {
    const struct command *commands; /* the command line's table; app only passes it on */
    const struct config *config;
    struct store_db *db;
    struct hub *hub;
    int64_t clock_offset_ms; /* wall clock minus boot clock at the start */
};

#endif

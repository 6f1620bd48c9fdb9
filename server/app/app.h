/* app.h - the running server: builds all parts in order, serves until it is asked to end, stops them in reverse. */
#ifndef APP_APP_H
#define APP_APP_H

#include "app/control.h"
#include "config/config.h"
#include "signaling/hub.h"
#include "store/store.h"
#include "util/err.h"

/* What a command that comes over the control socket may use: the `arg` of its control_run. */
struct app_services {
    const struct config *config;
    struct store_db *db;
    struct hub *hub;
};

/* Serves until SIGTERM or SIGINT; `c` is checked before and outlives the call. Prints the setup address on standard output
 * while there is no user. Errors of the start are returned with everything undone; after it began to serve, ERR_OK. */
MUST_CHECK enum err_code app_serve(const struct config *c, control_run run_command, struct err *e);

#endif

/* app.h - the running server: builds all parts in order, serves until it is asked to end, stops them in reverse. */
#ifndef APP_APP_H
#define APP_APP_H

#include "app/control.h"
#include "config/config.h"
#include "util/err.h"

struct command;

/* Serves until SIGTERM or SIGINT; `config` is checked before and outlives the call. `run_command` runs commands from
 * the control socket; it gets struct app_services with these `commands`. Prints the setup address on standard output
 * while there is no user. Errors of the start are returned with everything undone; once it has served, ERR_OK. */
MUST_CHECK enum err_code app_serve(const struct config *config, const struct command *commands, control_run run_command,
                                   struct err *e);

#endif

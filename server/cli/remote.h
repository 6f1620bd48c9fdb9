/* remote.h - a command as JSON, for the control socket: {"command","words","flags","password"?}. */
#ifndef CLI_REMOTE_H
#define CLI_REMOTE_H

#include "cli/command.h"

/* The request for a command that was typed; NULL when its texts are not UTF-8. The caller's reference. */
json_t *remote_request(const struct command *command, const struct command_args *args);

/* control_run of a running server: checks the request against the command table as if it had been typed, and runs it with a
 * store handle of its own. `arg` is struct app_services. */
int remote_run(void *arg, const json_t *request, const struct control_output *output);

/* Does the command accept these words and flags, and is nothing missing? Otherwise it is wrong use (status 2). The sentence for
 * people goes to *e. */
MUST_CHECK enum err_code command_check_args(const struct command *command, const struct command_args *args,
                                            struct err *e);

#endif

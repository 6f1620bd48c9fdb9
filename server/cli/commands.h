/* commands.h - the command table. It is passed to help, manual page and control socket. */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "cli/command.h"

extern const struct command COMMANDS[]; /* ends with a zero entry */

#endif

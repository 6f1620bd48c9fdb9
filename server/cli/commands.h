/* commands.h - the command table. Help, manual page and the control socket get it handed to them. */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "cli/command.h"

extern const struct command COMMANDS[]; /* ends with a zero entry */

#endif

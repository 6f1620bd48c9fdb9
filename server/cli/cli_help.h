/* cli_help.h - usage text and manual page, made from the tables of commands and options. Pure. */
#ifndef CLI_CLI_HELP_H
#define CLI_CLI_HELP_H

#include "cli/command.h"
#include "util/buf.h"

/* `table` ends with a zero entry, here and below. */
void help_overview(const struct command *table, struct buf *out);
void help_command(const struct command *command, struct buf *out);
/* The commands that begin with this word ("user"); false: there are none, nothing was added. */
bool help_group(const struct command *table, const char *first, struct buf *out);
void help_manual(const struct command *table, struct buf *out); /* roff, section 1 */

#endif

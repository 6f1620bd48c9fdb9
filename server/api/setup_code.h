/* setup_code.h - the code for creating the first admin, kept in `<data>/setup-code` (0600) while there is no user.
 * app makes and prints it at start, POST /setup asks for it; it is removed once there is a user. Blocks on files. Any thread. */
#ifndef API_SETUP_CODE_H
#define API_SETUP_CODE_H

#include <stdbool.h>
#include "util/err.h"

#define SETUP_CODE_SIZE 27 /* base32 of 128 random bits and NUL */

/* The code of this folder, the same after a restart; made when there is none or the file holds no valid code. ERR_IO, ERR_FULL. */
MUST_CHECK enum err_code setup_code_load(const char *data_folder, char code[SETUP_CODE_SIZE], struct err *e);
/* Compares in constant time. False when there is no code. */
bool setup_code_matches(const char *data_folder, const char *given);
/* Called after the transaction that made the first user; harmless when there is no code. */
void setup_code_remove(const char *data_folder);

#endif

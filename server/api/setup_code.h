/* setup_code.h - the code that lets the first admin be made, kept in `<data>/setup-code` (0600) while there is no user.
 * app makes and prints it at start, POST /setup asks for it; it goes once there is a user. Blocks on files. Any thread. */
#ifndef API_SETUP_CODE_H
#define API_SETUP_CODE_H

#include <stdbool.h>
#include "util/err.h"

#define SETUP_CODE_SIZE 27 /* base32 of 128 random bits and NUL */

/* The code of this folder, the same after a restart; made when there is none or what is there is no code. ERR_IO, ERR_FULL. */
MUST_CHECK enum err_code setup_code_load(const char *data_folder, char code[SETUP_CODE_SIZE], struct err *e);
/* Compares in constant time. False when there is no code any more. */
bool setup_code_matches(const char *data_folder, const char *given);
/* Called after the transaction that made the first user; harmless when it is gone. */
void setup_code_remove(const char *data_folder);

#endif

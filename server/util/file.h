/* file.h - whole files, read and written safely. Blocks: never on an event loop. */
#ifndef UTIL_FILE_H
#define UTIL_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include "util/buf.h"
#include "util/err.h"

/* Adds the file's bytes to `out`. ERR_NOT_FOUND, ERR_LIMIT (larger than out->max), ERR_IO. */
MUST_CHECK enum err_code file_read(const char *path, struct buf *out, struct err *e);
/* Writes a temporary neighbour with `mode`, syncs it and the folder, renames over `path`: all or nothing. ERR_FULL, ERR_IO. */
MUST_CHECK enum err_code file_write(const char *path, const void *bytes, size_t len, unsigned mode, struct err *e);
/* Makes the folder (0700) and missing parents; fine when it is there. */
MUST_CHECK enum err_code file_make_folder(const char *path, struct err *e);
bool file_exists(const char *path);
bool file_is_empty(const char *path); /* also when there is none */

#endif

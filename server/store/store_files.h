/* store_files.h - files beside the database: the lock, private files, moving into place. Used inside server/store only.
 * Blocks. Every function may return ERR_FULL or ERR_IO; details name the file. */
#ifndef STORE_STORE_FILES_H
#define STORE_STORE_FILES_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include "util/err.h"

/* "<folder>/<name>"; ERR_INVALID when too long. */
MUST_CHECK enum err_code files_path(const char *folder, const char *name, char path[PATH_MAX], struct err *e);
/* The lock of the data folder, held until files_unlock() or the end of the process. ERR_CONFLICT "in_use". */
MUST_CHECK enum err_code files_lock(const char *data_folder, int *fd, struct err *e);
void files_unlock(int fd); /* -1 is fine */
/* Was there ever a database in this folder? Then its key, or one that a restore has replaced, is there. */
bool files_show_use(const char *data_folder);
/* Makes an empty file of mode 0600 unless it exists: SQLite would let the umask decide, and gives its other files the mode of
 * this one. */
MUST_CHECK enum err_code files_make_private(const char *path, struct err *e);
/* Makes a new empty file of mode 0600; `path` is "<of>.new-<random>". */
MUST_CHECK enum err_code files_make_temporary(const char *of, char path[PATH_MAX], struct err *e);
/* Renames, never over an existing file (ERR_CONFLICT "exists"), and syncs the folder. */
MUST_CHECK enum err_code files_place_new(const char *from, const char *to, struct err *e);
/* Renames, replacing an existing file, and syncs the folder. */
MUST_CHECK enum err_code files_replace(const char *from, const char *to, struct err *e);
MUST_CHECK enum err_code files_sync(const char *path, struct err *e); /* a file or a folder */
/* Copies the bytes into the existing file `to` and syncs it. ERR_NOT_FOUND. */
MUST_CHECK enum err_code files_copy(const char *from, const char *to, struct err *e);
/* The same, on from the position of `from`. */
MUST_CHECK enum err_code files_copy_open(int from, const char *to, struct err *e);
/* ERR_FULL unless `bytes` more fit into the folder of `path` without filling the disk. */
MUST_CHECK enum err_code files_check_room(const char *path, int64_t bytes, struct err *e);
/* Removes files left by a killed process: those of files_make_temporary(of), and SQLite's beside them. */
void files_sweep_temporary(const char *of);

#endif

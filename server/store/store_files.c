#include "store/store_files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "domain/crypto.h"
#include "util/file.h"
#include "util/str.h"

#define TRIES 8
#define TEMPORARY ".new-"
#define RANDOM_BYTES 6                     /* in the name of a temporary file */
#define ROOM_KEPT_BYTES (64 * 1024 * 1024) /* stays free after a copy, so that the database's log can grow beside it */

static enum err_code failed(struct err *e, const char *what, const char *path)
{
    int why = errno;
    enum err_code kind = why == ENOENT ? ERR_NOT_FOUND : ERR_IO;

    if (why == ENOSPC || why == EDQUOT || why == EROFS || why == EFBIG)
        return err_set(e, ERR_FULL, "storage_full", "cannot %s %s: %s", what, path, strerror(why));
    return err_set(e, kind, err_code_name(kind), "cannot %s %s: %s", what, path, strerror(why));
}

enum err_code files_path(const char *folder, const char *name, char path[PATH_MAX], struct err *e)
{
    if (snprintf(path, PATH_MAX, "%s/%s", folder, name) < PATH_MAX - 64) /* room for "-wal" and temporary names */
        return ERR_OK;
    return err_set(e, ERR_INVALID, "invalid", "the path of the folder is too long");
}

enum err_code files_lock(const char *data_folder, int *fd, struct err *e)
{
    char path[PATH_MAX];
    enum err_code rc = files_path(data_folder, "lock", path, e);

    if (rc != ERR_OK)
        return rc;
    *fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (*fd < 0)
        return errno == EACCES || errno == ENOTDIR
                   ? err_set(e, ERR_IO, "io",
                             "cannot write in %s: %s. Name a folder with --data that belongs to the user who runs this",
                             data_folder, strerror(errno))
                   : failed(e, "open", path);
    if (flock(*fd, LOCK_EX | LOCK_NB) == 0)
        return ERR_OK;
    rc = errno == EWOULDBLOCK
             ? err_set(e, ERR_CONFLICT, "in_use", "another parlour process is using %s: stop it first", data_folder)
             : failed(e, "lock", path);
    close(*fd);
    *fd = -1;
    return rc;
}

/* The file stays: removing it would let two processes lock two files of the same name. */
void files_unlock(int fd)
{
    if (fd >= 0)
        close(fd);
}

bool files_show_use(const char *data_folder)
{
    static const char *const SIGNS[] = { "master.key", "parlour.db.before-1" };
    char path[PATH_MAX];

    for (size_t i = 0; i < sizeof SIGNS / sizeof SIGNS[0]; i++)
        if (files_path(data_folder, SIGNS[i], path, NULL) == ERR_OK && file_exists(path))
            return true;
    return false;
}

enum err_code files_make_private(const char *path, struct err *e)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

    if (fd < 0)
        return failed(e, "open", path);
    close(fd);
    return ERR_OK;
}

enum err_code files_make_temporary(const char *of, char path[PATH_MAX], struct err *e)
{
    for (int i = 0; i < TRIES; i++) {
        uint8_t random[RANDOM_BYTES];
        char text[STR_HEX_SIZE(sizeof random)];
        int fd;

        crypto_random(random, sizeof random);
        str_hex(text, random, sizeof random);
        if (snprintf(path, PATH_MAX, "%s" TEMPORARY "%s", of, text) >= PATH_MAX)
            return err_set(e, ERR_INVALID, "invalid", "the path of the file is too long");
        fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (fd >= 0) {
            close(fd);
            return ERR_OK;
        }
        if (errno != EEXIST)
            break;
    }
    return failed(e, "write", of);
}

static enum err_code sync_folder_of(const char *path, struct err *e)
{
    char copy[PATH_MAX];

    if (!str_copy(copy, sizeof copy, path))
        return err_set(e, ERR_INVALID, "invalid", "the path of the file is too long");
    return files_sync(dirname(copy), e);
}

/* File systems without renameat2() (some network and FAT ones) return EINVAL; there a hard link also refuses to overwrite. */
static bool rename_new(const char *from, const char *to)
{
    if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
        return true;
    if (errno != EINVAL && errno != ENOSYS)
        return false;
    return link(from, to) == 0 && unlink(from) == 0;
}

enum err_code files_place_new(const char *from, const char *to, struct err *e)
{
    if (rename_new(from, to))
        return sync_folder_of(to, e);
    if (errno == EEXIST)
        return err_set(e, ERR_CONFLICT, "exists", "%s is there already: choose another name", to);
    return failed(e, "write", to);
}

enum err_code files_replace(const char *from, const char *to, struct err *e)
{
    return rename(from, to) == 0 ? sync_folder_of(to, e) : failed(e, "write", to);
}

enum err_code files_sync(const char *path, struct err *e)
{
    enum err_code rc = ERR_OK;
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        return failed(e, "open", path);
    if (fsync(fd) != 0)
        rc = failed(e, "sync", path);
    close(fd);
    return rc;
}

/* 0 at the end of the file, -1 with errno set. */
static ssize_t copy_chunk(int from, int to)
{
    char chunk[65536];
    ssize_t got = read(from, chunk, sizeof chunk);

    for (ssize_t at = 0; at < got;) {
        ssize_t n = write(to, chunk + at, (size_t)(got - at));

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -1;
        at += n;
    }
    return got < 0 && errno == EINTR ? 1 : got;
}

enum err_code files_copy_open(int from, const char *to, struct err *e)
{
    int out = open(to, O_WRONLY | O_TRUNC | O_CLOEXEC | O_NOFOLLOW);
    enum err_code rc = ERR_OK;
    ssize_t n;

    if (out < 0)
        return failed(e, "write", to);
    while ((n = copy_chunk(from, out)) > 0)
        continue;
    if (n < 0 || fsync(out) != 0)
        rc = failed(e, "copy to", to);
    if (close(out) != 0 && rc == ERR_OK)
        rc = failed(e, "write", to);
    return rc;
}

enum err_code files_copy(const char *from, const char *to, struct err *e)
{
    int in = open(from, O_RDONLY | O_CLOEXEC);
    enum err_code rc;

    if (in < 0)
        return failed(e, "open", from);
    rc = files_copy_open(in, to, e);
    close(in);
    return rc;
}

enum err_code files_check_room(const char *path, int64_t bytes, struct err *e)
{
    struct statvfs fs;
    char folder[PATH_MAX];

    if (!str_copy(folder, sizeof folder, path) || statvfs(dirname(folder), &fs) != 0)
        return failed(e, "ask for the room beside", path);
    if (fs.f_bavail >= ((uint64_t)bytes + ROOM_KEPT_BYTES) / fs.f_frsize + 1)
        return ERR_OK;
    return err_set(e, ERR_FULL, "storage_full", "there is no room for %lld bytes in %s", (long long)bytes, folder);
}

/* "parlour.db.new-<random>", or SQLite's files beside it. Other files with the same beginning are not ours. */
static bool is_temporary(const char *name, const char *start)
{
    const char *random = name + strlen(start);
    size_t hex = str_starts(name, start) ? strspn(random, "0123456789abcdef") : 0;

    return hex == 2 * RANDOM_BYTES && (random[hex] == '\0' || random[hex] == '-');
}

void files_sweep_temporary(const char *of)
{
    char copy[PATH_MAX], start[NAME_MAX + 1];
    const char *slash = strrchr(of, '/');
    struct dirent *entry;
    DIR *folder;

    if (!str_copy(copy, sizeof copy, of) ||
        snprintf(start, sizeof start, "%s" TEMPORARY, slash ? slash + 1 : of) >= (int)sizeof start)
        return;
    folder = opendir(dirname(copy));
    while (folder && (entry = readdir(folder)))
        if (is_temporary(entry->d_name, start))
            unlinkat(dirfd(folder), entry->d_name, 0);
    if (folder)
        closedir(folder);
}

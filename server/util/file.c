#include "util/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/str.h"

static enum err_code failed(struct err *e, const char *what, const char *path)
{
    enum err_code kind = errno == ENOENT                                        ? ERR_NOT_FOUND
                         : errno == ENOSPC || errno == EDQUOT || errno == EROFS ? ERR_FULL
                                                                                : ERR_IO;

    return err_set(e, kind, err_code_name(kind), "cannot %s %s: %s", what, path, strerror(errno));
}

enum err_code file_read(const char *path, struct buf *out, struct err *e)
{
    enum err_code rc = ERR_OK;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    char chunk[4096];
    ssize_t n;

    if (fd < 0)
        return failed(e, "open", path);
    while ((n = read(fd, chunk, sizeof chunk)) != 0) {
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            rc = failed(e, "read", path);
            break;
        }
        if (!buf_add(out, chunk, (size_t)n)) {
            rc = err_set(e, ERR_LIMIT, "limit", "%s is larger than %zu bytes", path, out->max);
            break;
        }
    }
    explicit_bzero(chunk, sizeof chunk); /* key files pass through here */
    close(fd);
    return rc;
}

static bool write_all(int fd, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t n = write(fd, bytes, len);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        bytes += n;
        len -= (size_t)n;
    }
    return true;
}

/* The rename is durable only once the folder is synced too. */
static bool sync_folder_of(const char *path)
{
    char folder[PATH_MAX];
    char *slash;
    bool ok;
    int fd;

    if (!str_copy(folder, sizeof folder, path))
        return false;
    slash = strrchr(folder, '/');
    if (!slash)
        str_copy(folder, sizeof folder, ".");
    else
        slash[slash == folder] = '\0';
    fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return false;
    ok = fsync(fd) == 0;
    close(fd);
    return ok;
}

enum err_code file_write(const char *path, const void *bytes, size_t len, unsigned mode, struct err *e)
{
    char temporary[PATH_MAX];
    bool ok;
    int fd;

    if (snprintf(temporary, sizeof temporary, "%s.new", path) >= (int)sizeof temporary)
        return err_set(e, ERR_INVALID, "invalid", "the path %.80s… is too long", path);
    unlink(temporary);
    fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, (mode_t)mode);
    if (fd < 0)
        return failed(e, "write", path);
    ok = write_all(fd, bytes, len) && fsync(fd) == 0;
    ok = close(fd) == 0 && ok;
    ok = ok && rename(temporary, path) == 0 && sync_folder_of(path);
    if (!ok) {
        enum err_code rc = failed(e, "write", path);

        unlink(temporary);
        return rc;
    }
    return ERR_OK;
}

enum err_code file_make_folder(const char *path, struct err *e)
{
    char part[PATH_MAX];

    if (!str_copy(part, sizeof part, path))
        return err_set(e, ERR_INVALID, "invalid", "the path of the folder is too long");
    for (char *p = part + 1;; p++) {
        if (*p && *p != '/')
            continue;
        char c = *p;

        *p = '\0';
        if (mkdir(part, 0700) != 0 && errno != EEXIST)
            return failed(e, "make", part);
        *p = c;
        if (!c)
            return ERR_OK;
    }
}

bool file_is_empty(const char *path)
{
    struct stat st;

    return stat(path, &st) != 0 || st.st_size == 0;
}

bool file_exists(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0; /* access() checks the real user and ignores capabilities */
}

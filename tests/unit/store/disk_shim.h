/* disk_shim.h - stands between SQLite and the kernel: the program's own pwrite64() and friends come before libc's, so that a test
 * can let the n-th call fail, or see what a power cut would leave. One executable includes it once.
 *
 * Power cut: a write counts as kept only once its file was synced. shim_snapshot() copies the folder and takes back a random part
 * of the unsynced writes, in pieces of a sector. Making and removing files counts as kept at once (SQLite syncs the folder). */
#ifndef TESTS_STORE_DISK_SHIM_H
#define TESTS_STORE_DISK_SHIM_H

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fixture.h"

#define SECTOR 512
#define UNSYNCED_MAX 4096

/* A piece of a file as it was before a write that is not synced yet. */
struct unsynced {
    ino_t file;
    off_t at;
    off_t size_before; /* of the whole file */
    size_t len;
    char *before; /* heap; zeros beyond the old end */
};

static struct {
    pthread_mutex_t lock; /* guards all: the upkeep thread writes too */
    bool failing;         /* calls are counted and fail */
    int calls;            /* seen since shim_fail_from() */
    int fail_from;        /* the first call that fails */
    int fail_count;       /* how many fail, from there on */
    int fail_errno;
    bool recording;        /* writes are noted for shim_snapshot() */
    void (*on_call)(void); /* before each recorded call; the lock is not held */
    struct unsynced notes[UNSYNCED_MAX];
    int note_count;
} shim = { .lock = PTHREAD_MUTEX_INITIALIZER };

static inline void shim_fail_from(int call, int count, int error)
{
    pthread_mutex_lock(&shim.lock);
    shim.calls = 0;
    shim.fail_from = call;
    shim.fail_count = count;
    shim.fail_errno = error;
    shim.failing = true;
    pthread_mutex_unlock(&shim.lock);
}

/* Ends failing; false when no call failed because there were too few. */
static inline bool shim_heal(void)
{
    bool failed;

    pthread_mutex_lock(&shim.lock);
    failed = shim.calls >= shim.fail_from;
    shim.failing = false;
    pthread_mutex_unlock(&shim.lock);
    return failed;
}

static inline bool shim_fails(void)
{
    bool fails = false;

    pthread_mutex_lock(&shim.lock);
    if (shim.failing) {
        shim.calls++;
        fails = shim.calls >= shim.fail_from && shim.calls < shim.fail_from + shim.fail_count;
        if (fails)
            errno = shim.fail_errno;
    }
    pthread_mutex_unlock(&shim.lock);
    return fails;
}

/* Drops the notes of a file; the others keep their order. */
static inline void shim_forget(ino_t file)
{
    int to = 0;

    for (int i = 0; i < shim.note_count; i++) {
        if (shim.notes[i].file == file)
            free(shim.notes[i].before);
        else
            shim.notes[to++] = shim.notes[i];
    }
    shim.note_count = to;
}

static inline void shim_note(int fd, off_t at, size_t len)
{
    struct stat st;
    struct unsynced *u;

    if (!shim.recording)
        return;
    if (shim.on_call)
        shim.on_call();
    pthread_mutex_lock(&shim.lock);
    if (fstat(fd, &st) == 0 && shim.note_count < UNSYNCED_MAX) {
        u = &shim.notes[shim.note_count++];
        *u = (struct unsynced){
            .file = st.st_ino, .at = at, .size_before = st.st_size, .len = len, .before = calloc(1, len ? len : 1)
        };
        if (pread(fd, u->before, len, at) < 0)
            abort();
    }
    pthread_mutex_unlock(&shim.lock);
}

static inline void shim_synced(int fd)
{
    struct stat st;

    if (!shim.recording)
        return;
    if (shim.on_call)
        shim.on_call();
    pthread_mutex_lock(&shim.lock);
    if (fstat(fd, &st) == 0)
        shim_forget(st.st_ino);
    pthread_mutex_unlock(&shim.lock);
}

/* --- in front of libc ----------------------------------------------------------------------------------------------- */

ssize_t pwrite64(int fd, const void *bytes, size_t len, off64_t at);
int ftruncate64(int fd, off64_t size);
int fdatasync(int fd);
int fsync(int fd);
int open64(const char *path, int flags, ...);

ssize_t pwrite64(int fd, const void *bytes, size_t len, off64_t at)
{
    if (shim_fails()) /* half of it arrives, as on a disk that fills up */
        return shim.fail_errno == ENOSPC && len > SECTOR ? syscall(SYS_pwrite64, fd, bytes, len / 2, at) : -1;
    shim_note(fd, at, len);
    return syscall(SYS_pwrite64, fd, bytes, len, at);
}

int ftruncate64(int fd, off64_t size)
{
    struct stat st;

    if (shim_fails())
        return -1;
    if (fstat(fd, &st) == 0 && st.st_size > size)
        shim_note(fd, size, (size_t)(st.st_size - size));
    return (int)syscall(SYS_ftruncate, fd, size);
}

int fdatasync(int fd)
{
    int rc = shim_fails() ? -1 : (int)syscall(SYS_fdatasync, fd);

    if (rc == 0)
        shim_synced(fd);
    return rc;
}

int fsync(int fd)
{
    int rc = shim_fails() ? -1 : (int)syscall(SYS_fsync, fd);

    if (rc == 0)
        shim_synced(fd);
    return rc;
}

int open64(const char *path, int flags, ...)
{
    va_list ap;
    mode_t mode;

    va_start(ap, flags);
    mode = flags & O_CREAT ? va_arg(ap, mode_t) : 0;
    va_end(ap);
    return shim_fails() ? -1 : (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

/* --- power cut ------------------------------------------------------------------------------------------------------ */

/* Copies a file of `from`; then takes back, newest first, a random part of the unsynced writes. */
static inline void shim_cut_file(const char *from, const char *to, unsigned *seed)
{
    int in = open(from, O_RDONLY | O_CLOEXEC), out = open(to, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    struct stat st;
    char *bytes;

    if (in < 0 || out < 0 || fstat(in, &st) != 0)
        abort();
    bytes = malloc((size_t)st.st_size + 1);
    if (pread(in, bytes, (size_t)st.st_size, 0) != st.st_size ||
        syscall(SYS_pwrite64, out, bytes, st.st_size, 0) != st.st_size)
        abort();
    free(bytes);
    for (int i = shim.note_count - 1; i >= 0; i--) {
        const struct unsynced *u = &shim.notes[i];
        int luck = u->file == st.st_ino ? rand_r(seed) % 3 : 0; /* 0 all of it arrived, 1 nothing, 2 some sectors */

        for (size_t at = 0; luck && at < u->len; at += SECTOR) {
            size_t n = u->len - at < SECTOR ? u->len - at : SECTOR;

            if ((luck == 1 || rand_r(seed) % 2) &&
                syscall(SYS_pwrite64, out, u->before + at, n, u->at + (off_t)at) != (ssize_t)n)
                abort();
        }
        if (luck == 1 && syscall(SYS_ftruncate, out, u->size_before) != 0)
            abort();
    }
    close(in);
    close(out);
}

/* The database in folder `from` as a power cut now would leave it. The shared memory file is never kept. */
static inline void shim_snapshot(const char *from, const char *to, unsigned *seed)
{
    static const char *const FILES[] = { "parlour.db", "parlour.db-wal" };
    char a[PATH_MAX], b[PATH_MAX];

    pthread_mutex_lock(&shim.lock);
    for (int i = 0; i < 2; i++) {
        snprintf(a, sizeof a, "%s/%s", from, FILES[i]);
        snprintf(b, sizeof b, "%s/%s", to, FILES[i]);
        unlink(b);
        if (access(a, F_OK) == 0)
            shim_cut_file(a, b, seed);
    }
    pthread_mutex_unlock(&shim.lock);
}

#endif

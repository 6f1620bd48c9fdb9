/* Disk, writing, database, backup: everything that the data folder needs. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#include "doctor/doctor_checks.h"
#include "doctor/doctor_round.h"
#include "store/store_audit.h"
#include "util/clock.h"

#define MB (1024 * 1024)
#define FREE_MIN_MB 64 /* below this a backup or a busy day fills the disk */
#define FREE_WARN_MB 1024
#define PROBES 9
#define PROBE_BYTES 4096
#define SYNC_WARN_MS 50 /* letting somebody in waits for one */
#define SYNC_FAIL_MS 1000
#define BACKUP_WARN_DAYS 7
#define DAY_MS (INT64_C(24) * 3600 * 1000)

const struct doctor_words WORDS_DISK[] = {
    { "disk_ok", DOCTOR_OK, "There is enough room on the disk: {free} MB are free in {folder}.", "" },
    { "disk_low", DOCTOR_WARN, "The disk is getting full: {free} MB are free in {folder}.",
      "Look what takes the room (type: du -xh --max-depth=2 / | sort -h | tail) and delete what nobody needs, or make "
      "the disk "
      "larger." },
    { "disk_full", DOCTOR_FAIL,
      "The disk is full: {free} MB are free in {folder}. Nobody can be let in and nothing is stored.",
      "Make room now (type: du -xh --max-depth=2 / | sort -h | tail; old logs go with: journalctl --vacuum-size=200M), "
      "or make the "
      "disk larger. Parlour goes on by itself." },
    { "disk_files", DOCTOR_FAIL, "The disk has room, but no place for further files in {folder}.",
      "Delete files that nobody needs: there are too many small ones (type: df -i)." },
    { "disk_unknown", DOCTOR_FAIL, "The data folder {folder} could not be looked at: {why}.",
      "Check the option data in /etc/parlour/parlour.conf; the folder must belong to the user that Parlour runs as." },
    { 0 },
};

void check_disk(struct doctor_round *round)
{
    const char *folder = round->subject->config->data;
    struct statvfs disk;
    int64_t free_mb;

    if (statvfs(folder, &disk) != 0) {
        doctor_found(round, "disk_unknown", "folder", folder, "why", strerror(errno), NULL);
        return;
    }
    free_mb = (int64_t)((uint64_t)disk.f_bavail * disk.f_frsize / MB);
    if (disk.f_files > 0 && disk.f_favail == 0) /* some file systems count none */
        doctor_found(round, "disk_files", "folder", folder, NULL);
    doctor_found(round,
                 free_mb < FREE_MIN_MB    ? "disk_full"
                 : free_mb < FREE_WARN_MB ? "disk_low"
                                          : "disk_ok",
                 "free", doctor_number(free_mb).text, "folder", folder, NULL);
}

/* ---- writing ---- */

const struct doctor_words WORDS_WRITE[] = {
    { "write_ok", DOCTOR_OK, "The disk writes fast: {ms} ms until something is stored for certain.", "" },
    { "write_slow", DOCTOR_WARN,
      "The disk is slow: {ms} ms until something is stored for certain. Everybody who comes in waits for it.",
      "Put the data folder on a local SSD, not on a network drive or a memory card." },
    { "write_very_slow", DOCTOR_FAIL,
      "The disk is far too slow: {ms} ms until something is stored for certain. Everybody who comes in waits for it.",
      "Look whether another program keeps the disk busy (type: iotop) or whether it is failing (type: dmesg | tail), "
      "and put the data "
      "folder on a local SSD." },
    { "write_failed", DOCTOR_FAIL, "Nothing can be written into {folder}: {why}.",
      "If the disk is full, make room. If it is read-only, the disk may be failing (type: dmesg | tail). Otherwise the "
      "folder belongs to "
      "another user (type: ls -ld {folder})." },
    { 0 },
};

static int by_size(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

/* Writes and syncs a few times; the time in the middle, in microseconds. -1: errno says why. */
static int64_t time_of_sync(const struct doctor_round *round, int fd)
{
    static const char BYTES[PROBE_BYTES];
    int64_t took[PROBES];
    int n = 0;

    while (n < PROBES && (n == 0 || !doctor_is_over(round))) {
        struct timespec from, to;

        clock_gettime(CLOCK_MONOTONIC, &from);
        if (pwrite(fd, BYTES, sizeof BYTES, (off_t)n * PROBE_BYTES) != PROBE_BYTES || fsync(fd) != 0)
            return -1;
        clock_gettime(CLOCK_MONOTONIC, &to);
        took[n++] = (int64_t)(to.tv_sec - from.tv_sec) * 1000000 + (to.tv_nsec - from.tv_nsec) / 1000;
    }
    qsort(took, (size_t)n, sizeof took[0], by_size);
    return took[n / 2];
}

void check_write(struct doctor_round *round)
{
    const char *folder = round->subject->config->data;
    int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600); /* gone when it is closed, however we end */
    int64_t us;
    char ms[32];

    errno = fd < 0 ? errno : 0;
    us = fd < 0 ? -1 : time_of_sync(round, fd);
    if (us < 0) {
        doctor_found(round, "write_failed", "folder", folder, "why", errno ? strerror(errno) : "it stays empty", NULL);
    } else {
        snprintf(ms, sizeof ms, "%.1f", (double)us / 1000);
        doctor_found(round,
                     us > SYNC_FAIL_MS * 1000   ? "write_very_slow"
                     : us > SYNC_WARN_MS * 1000 ? "write_slow"
                                                : "write_ok",
                     "ms", ms, NULL);
    }
    if (fd >= 0)
        close(fd);
}

/* ---- the database ---- */

#define HOW_TO_RESTORE                                                                                                 \
    "Put the last good backup back. Type: systemctl stop parlour; parlour restore FILE; systemctl start parlour "      \
    "(FILE is the backup). The "                                                                                       \
    "damaged database stays beside it."

const struct doctor_words WORDS_DATABASE[] = {
    { "database_ok", DOCTOR_OK, "The database is whole.", "" },
    { "database_damaged", DOCTOR_FAIL, "The database is damaged; nothing is written to it any more.", HOW_TO_RESTORE },
    { "database_closed", DOCTOR_FAIL, "The database could not be opened: {why}.",
      "If the message names no remedy: " HOW_TO_RESTORE },
    { "database_missing", DOCTOR_FAIL, "There is no database in {folder}.",
      "Start Parlour once (type: systemctl start parlour), or name the right folder with --data." },
    { "database_unread", DOCTOR_FAIL, "The database could not be checked: {why}.",
      "The disk may be failing. Type: dmesg | tail. Then run the checks again." },
    { 0 },
};

void check_database(struct doctor_round *round)
{
    struct err e = { 0 };

    if (!round->subject->store) {
        const struct err *why = round->subject->store_error;

        if (why->kind == ERR_NOT_FOUND)
            doctor_found(round, "database_missing", "folder", round->subject->config->data, NULL);
        else if (strcmp(why->code, "database_corrupt") == 0)
            doctor_found(round, "database_damaged", NULL);
        else
            doctor_found(round, "database_closed", "why", why->detail, NULL);
    } else if (store_check(round->subject->store, round->stop, &e) == ERR_OK) {
        doctor_found(round, "database_ok", NULL);
    } else if (strcmp(e.code, "database_corrupt") == 0) {
        doctor_found(round, "database_damaged", NULL);
    } else {
        doctor_found(round, "database_unread", "why", e.detail, NULL);
    }
}

/* ---- the last backup ---- */

#define HOW_TO_BACK_UP                                                                                                 \
    "Type: parlour backup {folder}/backup-1.db, and move the file to another machine or a USB stick. Keep a copy of "  \
    "{folder}/master.key "                                                                                             \
    "there as well."

const struct doctor_words WORDS_BACKUP[] = {
    { "backup_ok", DOCTOR_OK, "The last backup is {days} days old.", "" },
    { "backup_old", DOCTOR_WARN, "The last backup is {days} days old. What came later is lost if the disk fails.",
      HOW_TO_BACK_UP },
    { "backup_never", DOCTOR_WARN, "There was never a backup. If the disk fails, people, rooms and links are lost.",
      HOW_TO_BACK_UP },
    { 0 },
};

void check_backup(struct doctor_round *round)
{
    const char *folder = round->subject->config->data;
    int64_t at_ms, days;

    if (!round->subject->store || store_audit_last(round->subject->store, AUDIT_BACKUP, &at_ms, NULL) != ERR_OK)
        return; /* the row above has said why */
    days = at_ms ? (clock_wall_ms() - at_ms) / DAY_MS : 0;
    doctor_found(round,
                 at_ms == 0                ? "backup_never"
                 : days > BACKUP_WARN_DAYS ? "backup_old"
                                           : "backup_ok",
                 "days", doctor_number(days < 0 ? 0 : days).text, "folder", folder, NULL);
}

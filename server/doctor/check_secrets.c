/* Secrets: who can read them, and how old they are. Looks at the files and never into them. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "doctor/doctor_checks.h"
#include "doctor/doctor_round.h"
#include "util/clock.h"
#include "util/file.h"

#define DAY_MS (INT64_C(24) * 3600 * 1000)
#define TURN_SECRET_DAYS 365

const struct doctor_words WORDS_SECRETS[] = {
    { "secrets_ok", DOCTOR_OK, "The secrets can be read by nobody else.", "" },
    { "secret_open", DOCTOR_FAIL, "Other users of this machine can read {file} (mode {mode}).",
      "Type: chmod {right} {file}. If strangers work on this machine, make a new secret as well." },
    { "secret_folder_open", DOCTOR_FAIL, "Other users of this machine can look into {file} (mode {mode}).",
      "Type: chmod {right} {file}" },
    { "secret_owner", DOCTOR_FAIL, "{file} belongs to another user than Parlour runs as.",
      "Give it the owner of the folder it lies in. Type: chown --reference={folder} {file}" },
    { "secret_missing", DOCTOR_FAIL, "{file} is missing: {why}. It opens the secrets in the database.",
      "Put back your copy of it before Parlour starts again; otherwise links of invitations and PINs must be made "
      "anew." },
    { "secret_turn_unread", DOCTOR_FAIL, "The file with the secret for coturn, {file}, could not be found: {why}.",
      "Check turn-secret-file in /etc/parlour/parlour.conf. A new one is made with: (umask 077; openssl rand -hex 32 > "
      "{file}); coturn needs "
      "the same one." },
    { "secret_turn_old", DOCTOR_WARN, "The secret shared with coturn is {days} days old.",
      "Change it once a year: put a new first line into {file} (openssl rand -hex 32 makes one), type parlour config "
      "coturn and copy the "
      "result to coturn, restart coturn, then Parlour; a day later remove the old line." },
    { 0 },
};

#define OTHERS (S_IRWXG | S_IRWXO)

static const char *mode_text(const struct stat *st, char to[8])
{
    snprintf(to, 8, "%04o", (unsigned)(st->st_mode & 07777));
    return to;
}

/* A file of the data folder, for Parlour alone. */
static void look(struct doctor_round *round, const char *name, bool needed)
{
    const char *folder = round->subject->config->data;
    char path[PATH_MAX], mode[8];
    struct stat st;

    if (snprintf(path, sizeof path, "%s%s%s", folder, *name ? "/" : "", name) >= (int)sizeof path)
        return;
    if (stat(path, &st) != 0) {
        if (needed)
            doctor_found(round, "secret_missing", "file", path, "why", strerror(errno), NULL);
        return;
    }
    if (st.st_mode & OTHERS)
        doctor_found(round, S_ISDIR(st.st_mode) ? "secret_folder_open" : "secret_open", "file", path, "mode",
                     mode_text(&st, mode), "right", S_ISDIR(st.st_mode) ? "700" : "600", NULL);
    if (st.st_uid != geteuid())
        doctor_found(round, "secret_owner", "file", path, "folder", folder, NULL);
}

/* It may lie elsewhere, and a group of its own may read it: coturn's. */
static void look_at_turn_secret(struct doctor_round *round)
{
    const char *path = round->subject->config->turn_secret_file;
    struct stat st;
    char mode[8];
    int64_t days;

    if (!path)
        return;
    if (stat(path, &st) != 0) {
        doctor_found(round, "secret_turn_unread", "file", path, "why", strerror(errno), NULL);
        return;
    }
    if (st.st_mode & S_IRWXO)
        doctor_found(round, "secret_open", "file", path, "mode", mode_text(&st, mode), "right", "o=", NULL);
    days = (clock_wall_ms() - (int64_t)st.st_mtime * 1000) / DAY_MS;
    if (days > TURN_SECRET_DAYS)
        doctor_found(round, "secret_turn_old", "file", path, "days", doctor_number(days).text, NULL);
}

void check_secrets(struct doctor_round *round)
{
    size_t before = round->report->count;

    if (!file_exists(round->subject->config->data))
        return; /* the first row has said so */
    look(round, "", false);
    look(round, "master.key", round->subject->store != NULL);
    look(round, "parlour.db", false);
    look(round, "control.sock", false);
    look(round, "setup-code", false);
    look_at_turn_secret(round);
    if (round->report->count == before)
        doctor_found(round, "secrets_ok", NULL);
}

/* fixture.h - a store in a temporary folder, and rows to fill it with. Each test opens its own. */
#ifndef TESTS_STORE_FIXTURE_H
#define TESTS_STORE_FIXTURE_H

#include <dirent.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "domain/crypto.h"
#include "observe/log.h"
#include "store/store.h"
#include "store/store_inside.h"
#include "store/store_invitations.h"
#include "store/store_rooms.h"
#include "store/store_seats.h"
#include "store/store_sessions.h"
#include "store/store_users.h"
#include "tests/support/check.h"

#define NOW_MS INT64_C(1790000000000)

struct fixture {
    char folder[64]; /* temporary */
    struct store_db *db;
    struct store *s;
    struct err e;
};

/* In memory where there is such a place: otherwise the machine's disk would have to do thousands of syncs. */
static inline void fixture_folder(struct fixture *f)
{
    memset(f, 0, sizeof *f);
    snprintf(f->folder, sizeof f->folder, "%s/parlour-store-XXXXXX",
             access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    log_start(LOG_ERROR, false);
    if (!mkdtemp(f->folder) || crypto_start(NULL) != ERR_OK) {
        perror("fixture");
        exit(1);
    }
}

/* The one number that a query answers with; -1: none. */
static inline int64_t fixture_number(struct db *c, const char *sql)
{
    struct db_stmt *s = NULL;
    int64_t n = -1;

    if (db_prepare(c, sql, &s, NULL) == ERR_OK && db_step(s) == DB_ROW)
        n = db_column_i64(s, 0);
    db_finalize(s);
    return n;
}

static inline enum err_code fixture_try_open(struct fixture *f)
{
    enum err_code rc = store_db_open(f->folder, NOW_MS, &f->db, &f->e);

    if (rc == ERR_OK) /* tests move the time as they like */
        atomic_store(&f->db->followed_ms, NOW_MS + 100 * 365 * INT64_C(86400000));
    return rc == ERR_OK ? store_open(f->db, &f->s, &f->e) : rc;
}

static inline void fixture_open(struct fixture *f)
{
    if (!CHECK_INT(fixture_try_open(f), ERR_OK)) {
        printf("cannot open: %s\n", f->e.detail);
        exit(1);
    }
}

static inline void fixture_shut(struct fixture *f)
{
    store_close(f->s);
    store_db_close(f->db);
    f->s = NULL;
    f->db = NULL;
}

static inline struct fixture fixture_new(void)
{
    struct fixture f;

    fixture_folder(&f);
    fixture_open(&f);
    return f;
}

static inline const char *fixture_path(const struct fixture *f, const char *name, char path[PATH_MAX])
{
    snprintf(path, PATH_MAX, "%s/%s", f->folder, name);
    return path;
}

static inline void fixture_end(struct fixture *f)
{
    DIR *d = opendir(f->folder);
    struct dirent *entry;
    char path[PATH_MAX];

    fixture_shut(f);
    while (d && (entry = readdir(d)))
        unlink(fixture_path(f, entry->d_name, path));
    if (d)
        closedir(d);
    rmdir(f->folder);
}

/* Both parts of a backup, as `parlour backup` makes it. */
static inline enum err_code fixture_backup(struct fixture *f, const char *path)
{
    int fd;
    enum err_code rc = store_backup_take(f->s, &fd, &f->e);

    if (rc != ERR_OK)
        return rc;
    rc = store_backup_keep(fd, path, &f->e);
    close(fd);
    return rc;
}

/* A write of one call: `WRITE(f, store_room_add(f.s, &r, &f.e))` gives its result after the commit or roll-back. */
#define WRITE(f, call)                                                                                                 \
    (store_write_begin((f).s, &(f).e) == ERR_OK ? store_write_end((f).s, (call), &(f).e) : (f).e.kind)

static inline struct user make_user(const char *id, const char *email)
{
    struct user u = { .role = USER_HOST, .state = USER_ACTIVE, .created_ms = NOW_MS };

    snprintf(u.id, sizeof u.id, "%s", id);
    snprintf(u.email, sizeof u.email, "%s", email);
    snprintf(u.name, sizeof u.name, "Dr %s", id);
    return u;
}

static inline struct room_rules make_room(const char *id, const char *owner, const char *slug)
{
    struct room_rules r = { .access = ROOM_LINK, .max_participants = 12, .waiting_room = true, .created_ms = NOW_MS };

    snprintf(r.id, sizeof r.id, "%s", id);
    snprintf(r.owner_id, sizeof r.owner_id, "%s", owner);
    snprintf(r.name, sizeof r.name, "Room %s", id);
    snprintf(r.slug, sizeof r.slug, "%s", slug);
    return r;
}

static inline struct invitation make_invitation(const char *id, const char *room, const char *code)
{
    struct invitation i = { .generation = 1, .max_uses = 1, .created_ms = NOW_MS };

    snprintf(i.id, sizeof i.id, "%s", id);
    snprintf(i.room_id, sizeof i.room_id, "%s", room);
    snprintf(i.created_by, sizeof i.created_by, "u1");
    crypto_digest(code, strlen(code), i.code_hash);
    return i;
}

static inline struct seat make_seat(const char *id, const char *room, enum seat_state state)
{
    struct seat t = { .state = state, .name_from = NAME_FROM_SELF, .gen = 1, .instance = 1, .since_ms = NOW_MS };

    snprintf(t.id, sizeof t.id, "%s", id);
    snprintf(t.room_id, sizeof t.room_id, "%s", room);
    snprintf(t.name, sizeof t.name, "Guest %s", id);
    return t;
}

static inline struct session make_session(const char *id, const char *user, const char *cookie)
{
    struct session x = { .created_ms = NOW_MS, .seen_ms = NOW_MS, .expires_ms = NOW_MS + 1000000 };

    snprintf(x.id, sizeof x.id, "%s", id);
    snprintf(x.user_id, sizeof x.user_id, "%s", user);
    snprintf(x.agent, sizeof x.agent, "Firefox");
    crypto_digest(cookie, strlen(cookie), x.cookie_hash);
    return x;
}

static inline void hash_of(const char *text, uint8_t hash[HASH_BYTES])
{
    crypto_digest(text, strlen(text), hash);
}

/* Users u1 and u2, room r1 of u1. */
static inline void fixture_fill(struct fixture *f)
{
    struct user one = make_user("u1", "one@example.org"), two = make_user("u2", "two@example.org");
    struct room_rules r = make_room("r1", "u1", "room-one");

    CHECK_INT(WRITE(*f, store_user_add(f->s, &one, "hash", &f->e)), ERR_OK);
    CHECK_INT(WRITE(*f, store_user_add(f->s, &two, NULL, &f->e)), ERR_OK);
    CHECK_INT(WRITE(*f, store_room_add(f->s, &r, &f->e)), ERR_OK);
}

#endif

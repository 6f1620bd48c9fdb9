/* store_inside.h - shared by the files of server/store, behind store.h. Not for other folders. */
#ifndef STORE_STORE_INSIDE_H
#define STORE_STORE_INSIDE_H

#include <pthread.h>
#include <stdatomic.h>
#include "domain/age.h"
#include "store/db.h"
#include "store/gate.h"
#include "store/statements.h"
#include "store/store.h"
#include "util/list.h"

#define CHECK_WHOLE_MAX_BYTES (64 << 20) /* files up to this size get the full check at the start and each hour */

/* A connection with its prepared statements. */
struct connection {
    struct db *db;
    struct db_stmt *statements[STATEMENTS]; /* NULL until first used */
    bool in_use[STATEMENTS];                /* between query_begin() and query_end(): the same one cannot be nested */
};

struct store_db {
    char *file;                 /* path of the database */
    int lock_fd;                /* <data>/lock, held */
    struct gate gate;           /* guards the next two, and adding to sharers */
    struct connection writer;   /* the only one that commits and checkpoints */
    int shared;                 /* writes in the open transaction */
    struct list sharers;        /* of struct sharer (store_write.c): finished writes that wait for its commit */
    pthread_mutex_t share_lock; /* guards the results of sharers */
    atomic_int failed;          /* enum err_code that made the store unwritable, ERR_OK while it works */
    atomic_bool damaged;        /* a check found damage: no more writes in this process */
    struct {                    /* since the process began; read by the metrics */
        atomic_int_fast64_t done, failed; /* completed checks; those that found damage or failed to read */
        atomic_int_fast64_t whole_ms;     /* wall clock: the last full check that found nothing; 0 none */
    } checks;
    atomic_int handles; /* open struct store, for the check at closing */

    struct age_clock age;            /* used by the upkeep's thread only */
    atomic_int_fast64_t followed_ms; /* age.followed_ms, for everybody */
    int64_t age_written_ms;          /* as last stored */

    pthread_t upkeep;            /* store_upkeep.c */
    pthread_mutex_t upkeep_lock; /* guards the next two */
    pthread_cond_t upkeep_wake;  /* a failure to repair, or stop */
    bool upkeep_stop;
    atomic_bool check_stop; /* ends a running check or deletion early */
};

struct store {
    struct store_db *db;      /* borrowed */
    struct connection reader; /* own */
    bool writing;             /* inside store_write_begin() … store_write_end(): holds the gate */
    bool reading;             /* inside store_read_begin() … store_read_end() */
    int savepoints;           /* open ones */
};

/* store_handle.c. Closes whatever is open; closing twice is fine. */
MUST_CHECK enum err_code connection_open(struct connection *connection, const char *path, enum db_use use,
                                         struct err *e);
void connection_close(struct connection *connection);

/* Several reads of one state of the database. Inside a write that holds anyway; then both do nothing. */
MUST_CHECK enum err_code store_read_begin(struct store *store, struct err *e);
enum err_code store_read_end(struct store *store, enum err_code rc, struct err *e);

/* store_state.c. Any thread. */
void store_note_checked(struct store_db *db, enum err_code rc); /* notes the result of a full check */
/* Notes a failure of the writing connection: until a probe succeeds, writes are refused at once. */
void store_note_failure(struct store_db *db, enum err_code rc);
/* Why writes are refused now: ERR_FULL, ERR_IO. ERR_OK: they are allowed. */
enum err_code refuse_while_failed(struct store_db *db, struct err *e);

/* store_write.c: store_write_begin() without a handle and also while writes are refused. Errors as there. */
void write_init(struct store_db *db);
void write_clear(struct store_db *db);
MUST_CHECK enum err_code write_begin(struct store_db *db, int wait_ms, struct err *e);
MUST_CHECK enum err_code write_end(struct store_db *db, enum err_code rc, struct err *e);

/* store_backup.c: complete, sound, ours and not newer than this program? Codes as in store_restore(). */
MUST_CHECK enum err_code backup_check(const char *path, struct err *e);

/* store_upkeep.c: a thread that repairs (a probe write a second after a failure), checks the file and deletes old rows (once an hour). */
MUST_CHECK enum err_code upkeep_start(struct store_db *db, struct err *e);
void upkeep_stop(struct store_db *db);
/* Reads the stored state of the ageing clock; before upkeep_start(). */
MUST_CHECK enum err_code upkeep_read_age(struct store_db *db, int64_t wall_ms, int64_t boot_ms, struct err *e);
void upkeep_age(struct store_db *db, int64_t wall_ms, int64_t boot_ms); /* its tick; stores the time it has reached */
void upkeep_check(struct store_db *db);                                 /* the hourly check, now */
void upkeep_forget(struct store_db *db); /* deletes what is due (store_retention.h), now */

#endif

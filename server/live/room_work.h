/* room_work.h - one request to a room, and its job: its reads and writes on the store's thread.
 * A shard makes a work and gives it to room_queue_ask(). While its job runs, the store's thread owns `rules`, `join` and `decision`,
 * the shard everything else. */
#ifndef LIVE_ROOM_WORK_H
#define LIVE_ROOM_WORK_H

#include "domain/audit.h"
#include "domain/permission.h"
#include "domain/room.h"
#include "domain/token.h"
#include "live/live_shard.h"
#include "store/store_worker.h"
#include "util/list.h"

struct live_room;
struct room_work;

/* The kinds of request, as a row each (work_decide.h, work_join.h, work_lock.h). */
struct room_work_kind {
    /* On the shard, when its turn has come: prepares the write. `*write` false: nothing to write, and the work is done. The asker is
     * told of an error. */
    enum err_code (*prepare)(struct live_room *live, struct room_work *work, bool *write, struct err *e);
    /* On the store's thread, in its transaction; possibly more than once. */
    enum err_code (*run)(struct store *s, struct room_work *work, struct err *e);
    /* On the shard, after the commit: applies it and tells the people who must know. */
    void (*applied)(struct live_room *live, struct room_work *work);
};

/* The asker outside the room, and how to answer. */
struct room_work_asker {
    /* Takes the reference. NULL: no answer. */
    void (*answer)(struct live_shard *shard, const struct room_work_asker *who, struct payload *said);
    const void *to;      /* for the asker: where, */
    int home;            /* on which shard, */
    int64_t id;          /* and who */
    enum user_role role; /* of its account: the user is `request.by` */
};

struct room_work {
    struct list here; /* in live_room.asked */
    const struct room_work_kind *kind;
    struct live_shard *shard;
    char room_id[ID_SIZE];
    char site[IP_SITE_SIZE];        /* JOIN, RESUME: its origin */
    struct client *client;          /* JOIN, RESUME: the client that waits for a welcome; NULL when it has gone */
    struct client_owner owner;      /* of `client` meanwhile */
    char asker[ID_SIZE];            /* the participant who is told of an error, or "" */
    struct room_work_asker from;    /* or another asker */
    enum permission may;            /* the permission that the asker needs, also when its turn has come */
    const char *of;                 /* type of the message that asked, for `error`; static text */
    int64_t n;                      /* the client's number of that message; 0 none */
    char *text;                     /* owned; request.text points here */
    struct room_request request;    /* DECIDE, RESUME */
    char ticket[SECRET_TEXT_SIZE];  /* JOIN, RESUME: the new one */
    int64_t resume_seq;             /* RESUME: the last number the client has seen */
    int64_t invitation_gen;         /* JOIN: generation of the link that the token was given for */
    uint8_t guest_hash[HASH_BYTES]; /* JOIN: of the guest cookie that the token was given to; zeros: none */
    bool lock;                      /* LOCK: the new value */
    int64_t now_ms;                 /* seats' clock */
    int64_t wall_ms;                /* for the record */
    /* Of the job: */
    struct room_facts facts;  /* JOIN */
    struct room_join join;    /* JOIN */
    struct room_rules *rules; /* JOIN without an invitation or to an unused room, LOCK: as read; owned */
    bool rules_wanted;
    bool tidy; /* JOIN: also delete old rows of the room */
    struct room_decision decision;
    enum err_code rc;
    struct err err;
};

/* New work without an asker. The caller frees it, or gives it to room_queue_ask(). */
struct room_work *room_work_new(struct live_shard *shard, const struct room_work_kind *kind, const char *room_id,
                                const char *of);
void room_work_free(struct room_work *work);
void room_work_set_text(struct room_work *work, const char *text); /* copies; NULL or "" none */

/* On the store's thread: the rules of its room, into `rules`. ERR_NOT_FOUND. */
MUST_CHECK enum err_code room_work_read_rules(struct store *s, struct room_work *work, struct err *e);
/* On the store's thread: adds to the record, in the name of the decider (or the system). `reason` NULL: none. */
MUST_CHECK enum err_code room_work_record(struct store *s, const struct room_work *work, enum audit_action action,
                                          const char *object, const char *reason, struct err *e);

#endif

/* room_work.h - one thing asked of a room, and its job: what is read and written for it on the store's thread.
 * A shard makes a work and gives it to room_queue_ask(). While its job runs, the store's thread owns `rules`, `join` and `decision`,
 * the shard everything else. */
#ifndef LIVE_ROOM_WORK_H
#define LIVE_ROOM_WORK_H

#include "domain/audit.h"
#include "domain/room.h"
#include "domain/token.h"
#include "live/live_shard.h"
#include "store/store_worker.h"
#include "util/list.h"

struct live_room;
struct room_work;

/* What can be asked of a room, as a row each (work_decide.h, work_join.h, work_lock.h). */
struct room_work_kind {
    /* On the shard, when its turn has come: what is to be written? `*write` false: nothing, and that is all of it. An error is told to
     * whoever asked. */
    enum err_code (*prepare)(struct live_room *p, struct room_work *w, bool *write, struct err *e);
    /* On the store's thread, in its transaction; perhaps more than once. */
    enum err_code (*run)(struct store *s, struct room_work *w, struct err *e);
    /* On the shard, after the commit: makes it true and tells who must know. */
    void (*applied)(struct live_room *p, struct room_work *w);
};

/* Who asked from outside the room, and how they are told. */
struct room_work_asker {
    /* Takes the reference. NULL: nobody is to be told. */
    void (*answer)(struct live_shard *f, const struct room_work_asker *who, struct payload *said);
    const void *to; /* the asker's own: where, */
    int home;       /* on which shard, */
    int64_t id;     /* and who */
};

struct room_work {
    struct list here; /* in live_room.asked */
    const struct room_work_kind *kind;
    struct live_shard *shard;
    char room_id[ID_SIZE];
    char site[IP_SITE_SIZE];       /* JOIN, RESUME: where it comes from */
    struct client *client;         /* JOIN, RESUME: who waits for a welcome; NULL when it has gone */
    struct client_owner owner;     /* of `client` meanwhile */
    char asker[ID_SIZE];           /* the participant to be told of an error, or "" */
    struct room_work_asker from;   /* or who else is to be told */
    const char *of;                /* type of the message that asked, for `error`; static text */
    int64_t n;                     /* the client's number of that message; 0 none */
    char *text;                    /* owned; request.text points here */
    struct room_request request;   /* DECIDE, RESUME */
    char ticket[SECRET_TEXT_SIZE]; /* JOIN, RESUME: the new one */
    int64_t resume_seq;            /* RESUME: the last number the client has seen */
    int64_t invitation_gen;        /* JOIN: generation of the link that the token was given for */
    bool lock;                     /* LOCK: to be */
    int64_t now_ms;                /* seats' clock */
    int64_t wall_ms;               /* for the record */
    /* Of the job: */
    struct room_facts facts;  /* JOIN */
    struct room_join join;    /* JOIN */
    struct room_rules *rules; /* JOIN without an invitation or to a room not in use, LOCK: as read; owned */
    bool rules_wanted;
    bool tidy; /* JOIN: forget old rows of the room as well */
    struct room_decision decision;
    enum err_code rc;
    struct err err;
};

/* Nobody has asked. The caller frees it, or gives it to room_queue_ask(). */
struct room_work *room_work_new(struct live_shard *f, const struct room_work_kind *kind, const char *room_id,
                                const char *of);
void room_work_free(struct room_work *w);
void room_work_set_text(struct room_work *w, const char *text); /* copies; NULL or "" none */

/* On the store's thread: the rules of its room, into `rules`. ERR_NOT_FOUND. */
MUST_CHECK enum err_code room_work_read_rules(struct store *s, struct room_work *w, struct err *e);
/* On the store's thread: into the record, by whoever decided (or the system). `reason` NULL: without. */
MUST_CHECK enum err_code room_work_record(struct store *s, const struct room_work *w, enum audit_action action,
                                          const char *object, const char *reason, struct err *e);

#endif

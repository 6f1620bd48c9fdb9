/* client.h - one client: a socket's connection, the messages to be written to it, how fast it may send, how it ends. It knows no
 * socket: sockets.c feeds it and asks it for frames, tests do the same by hand. Nor does it know the meaning of messages: they
 * all go to its owner. On its shard's thread. */
#ifndef WS_CLIENT_H
#define WS_CLIENT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "domain/id.h"
#include "util/list.h"
#include "ws/envelope.h"
#include "ws/pace.h"
#include "ws/payload.h"
#include "ws/resume.h"

struct client;

enum client_phase {
    CLIENT_NEW,     /* has sent nothing yet: its owner is clients.door */
    CLIENT_JOINING, /* an owner is checking who it is; until then it may send nothing more */
    CLIENT_JOINED,  /* has its welcome */
    CLIENT_PARTING, /* gets the remaining messages and its bye; its owner still hears it, for a second at most */
    CLIENT_CLOSING, /* gets the remaining messages, then is closed; nobody owns it */
};
enum close_code { /* RFC 6455 §7.4, and our own from 4400 */
                  CLOSE_NORMAL = 1000,
                  CLOSE_PROTOCOL = 1002,
                  CLOSE_BINARY = 1003,
                  CLOSE_NOT_UTF8 = 1007,
                  CLOSE_POLICY = 1008,
                  CLOSE_RESTART = 1012,
                  CLOSE_BUSY = 1013,
                  CLOSE_AUTH = 4401,
                  CLOSE_REFUSED = 4403,
                  CLOSE_OVER = 4404,
                  CLOSE_NO_JOIN = 4408,
                  CLOSE_REPLACED = 4409,
                  CLOSE_FLOODING = 4429,
};

/* A client's message; lent for the call. */
struct client_message {
    const char *bytes;
    size_t len;
    struct envelope envelope;
    bool broken;            /* not JSON of the protocol's form; then the envelope is empty */
    enum pace_verdict pace; /* never PACE_FLOODING */
};

/* The owner of a client: the first member of the owning struct, or another member that leads to it. It outlives the client, or
 * lets go of it first (`owner` = NULL). */
struct client_owner {
    const struct client_owner_ops *ops;
};
struct client_owner_ops {
    /* A message came. The client may be closing afterwards; it is never freed in the call. */
    void (*message)(struct client_owner *owner, struct client *client, const struct client_message *m);
    /* Something came that could not be received: too long, binary, in too many pieces. It counts as a message. Only for a client
     * that has joined. */
    void (*unreadable)(struct client_owner *owner);
    /* It is closing, or gone: the owner no longer owns it. The owner may be freed in the call. */
    void (*lost)(struct client_owner *owner, struct client *client);
};

struct client_limits {
    struct pace_rate rate;
    size_t queue_bytes;       /* bytes that may wait for one socket */
    size_t total_queue_bytes; /* bytes that may wait in all, for clients and for seats that are away */
};

/* Shared by all shards. */
struct client_counters {
    atomic_llong sockets, messages_in, messages_out, slow_closed, queued_bytes;
    atomic_llong kept_bytes; /* not yet written, for seats without a client */
};

/* Functions that clients need from the layer below. Every pointer is set. */
struct client_env {
    void *ctx;
    int64_t (*mono_ms)(void *ctx);
    /* This client has something to write, or must be closed. */
    void (*wake)(void *ctx, struct client *client);
    /* This client has joined, or is gone: it no longer counts as unjoined. */
    void (*joined)(void *ctx, int64_t unjoined);
};

/* All clients of one shard. */
struct clients {
    struct client_env env;
    const struct client_limits *limits; /* outlives it */
    struct client_counters *counters;   /* outlives it */
    struct client_owner *door;          /* gets the first message of each, and gives it an owner */
    struct list all, hurried;           /* every client; those that must join or close by a deadline */
};

/* The layer that decides about first messages sets `door`, before the first client comes. */
void clients_init(struct clients *all, const struct client_env *env, const struct client_limits *limits,
                  struct client_counters *counters);
/* Ends late joins and closes that nobody reads. A few times a second. now_ms: monotonic. */
void clients_tick(struct clients *all, int64_t now_ms);
/* bye `restarting`, 1012, for everyone. */
void clients_restart(struct clients *all);
/* All queues together have reached their limit, so only a little of each can stay. */
#define CLIENTS_CROWDED_SHARE 16
bool clients_crowded(const struct clients *all);

struct client {
    struct list here;    /* in clients.all */
    struct list hurried; /* in clients.hurried */
    struct clients *clients;
    void *socket;               /* its connection in sockets.c; NULL in tests and once it is closed */
    struct client_owner *owner; /* NULL: no longer owned */
    char path[ID_SIZE];         /* the room that it was opened for */
    char session_id[ID_SIZE];   /* the sign-in behind it, or ""; set by its owner */
    char *address;              /* owned until it has joined or is gone */
    int64_t unjoined;           /* until then: its id among the sockets that have not joined; 0 none */
    enum client_phase phase;
    uint16_t close_code;  /* while CLIENT_PARTING or CLIENT_CLOSING */
    bool drop;            /* close without writing waiting messages: it reads too slowly */
    bool overdue;         /* the last messages were not read in time: cut it */
    struct resume *queue; /* numbered messages, the owner's; &rest while parting or closing; NULL before */
    struct resume rest;   /* while parting or closing: messages not yet written */
    uint32_t owed;        /* messages that waited in `queue` when it joined and are not yet written, */
    size_t owed_bytes;    /* and their bytes: messages sent while a person was away do not make a resumed client slow */
    struct payload *first; /* before the numbered ones: welcome, or the error that refuses a join */
    struct payload *aside; /* the same, later: a pong */
    struct payload *last;  /* after them: bye */
    struct pace pace;
    int64_t deadline_ms;  /* while `hurried`, monotonic: for the first message, later for the close */
    int64_t strike_ms[2]; /* the last two faults; 0 none */
    int echoes;           /* answers before it has joined */
};

struct client *client_new(struct clients *all, const char *path, const char *address, int64_t now_ms);
/* The socket is gone: its owner loses it, it is freed. NULL is fine. */
void client_free(struct client *client);

/* A whole text message arrived. The client may be closing afterwards; it is never freed here. */
void client_message(struct client *client, const char *bytes, size_t len);
/* A message cannot be received: the client gets `code` and is closed. */
void client_unreadable(struct client *client, enum close_code code);

/* For sockets.c, when it may write: the room that the next frame needs at most, 0 when there is none; then the frame itself
 * into `to`, which holds that much. Returns its length. */
size_t client_frame_room(const struct client *client);
size_t client_frame(struct client *client, char *to);
/* The code to close it with, once everything is written. 0: not yet. */
int client_close_due(const struct client *client);

/* `owner` checks who it is. */
void client_joining(struct client *client, struct client_owner *owner);
/* Gives it to `owner`, with numbered messages from `queue`, and `welcome` first; takes that reference. */
void client_joined(struct client *client, struct client_owner *owner, struct resume *queue, struct payload *welcome);
/* Answers a client that has not joined, without a number; takes the reference. False: it has had its share, or has not yet read the
 * last one, so nothing is sent. */
MUST_CHECK bool client_echo(struct client *client, struct payload *said);
/* Refuses the join: an unnumbered `why`, then the close. Takes the reference; harmless when it is already closing. */
void client_refuse(struct client *client, enum close_code code, struct payload *why);
/* Ends the connection: sends bye (reason NULL: none), then closes. Its owner loses it. Harmless when it is already closing. */
void client_close(struct client *client, enum close_code code, const char *bye_reason);
/* The same with a bye made by the caller, or NULL; takes the reference. */
void client_end(struct client *client, enum close_code code, struct payload *bye);
/* Sends bye and closes later: when the client does, or after a second. Until then `owner`, a new one, hears it. Only for a client that
 * has joined and whose owner has let go of it. Takes the reference. */
void client_part(struct client *client, enum close_code code, struct payload *bye, struct client_owner *owner);
/* Sends a message without a number; takes the reference. While one waits to be written, another is dropped. */
void client_say_aside(struct client *client, struct payload *said);
/* A numbered message was added to its queue: writes it soon, or closes the client as too slow. */
void client_queued(struct client *client);
/* Counts a fault: true at the third within a minute. now_ms: monotonic. */
bool client_strike(struct client *client, int64_t now_ms);

#endif

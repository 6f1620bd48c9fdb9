/* desk_watch.h - the messages between a dashboard's home and the shards of the rooms; only for desk.c (home) and
 * desk_watch.c (rooms). Each is made on one shard, posted, and freed on the other. */
#ifndef LIVE_DASHBOARD_WATCH_H
#define LIVE_DASHBOARD_WATCH_H

#include "domain/permission.h"
#include "domain/room.h"
#include "domain/user.h"
#include "live/chat.h"
#include "live/live_shard.h"

/* Who looks: copied to every shard. */
struct desk_viewer {
    int64_t id; /* of the dashboard, at its home */
    int home;   /* shard */
    char user_id[ID_SIZE];
    char name[NAME_SIZE];
    enum user_role role;
};

/* Home → rooms. */
void desk_watch_begin(struct floor *f,
                      void *viewer); /* takes struct desk_viewer; answers with one struct desk_snapshot */
void desk_watch_end(struct floor *f, void *viewer); /* takes struct desk_viewer */
struct desk_request {
    struct desk_viewer by;
    enum permission may; /* what it takes */
    enum room_verb verb; /* ROOM_VERBS: chat */
    const char *of;      /* static text */
    int64_t n;           /* its number; 0 none */
    char room_id[ID_SIZE], participant[ID_SIZE];
    char *text;            /* owned, or NULL */
    char id[CHAT_ID_SIZE]; /* chat: the writer's own name for it, or "" */
    bool block, beside, instead;
};
void desk_watch_ask(struct floor *f, void *request); /* takes struct desk_request */

/* Rooms → home. */
struct desk_piece {
    struct desk_piece *next;
    char room_id[ID_SIZE];
    char *json; /* owned: the room with its participants */
};
struct desk_snapshot {
    int64_t desk_id;
    struct desk_piece *pieces; /* rooms of that shard in which somebody is */
};
void desk_home_snapshot(struct floor *f, void *snapshot);
enum desk_delivery_kind {
    DELIVER_CHANGE, /* a numbered message */
    DELIVER_SHOWN,  /* the same; the room is known from now on */
    DELIVER_GONE,   /* only if the room was known */
    DELIVER_CUT,    /* something was lost: the dashboard must begin anew */
};
struct desk_delivery {
    int64_t desk_id;
    enum desk_delivery_kind kind;
    char room_id[ID_SIZE]; /* SHOWN, GONE */
    struct payload *said;  /* a reference; NULL for CUT */
};
void desk_home_delivery(struct floor *f, void *delivery);

#endif

/* dashboard_watch.h - the rooms' side of the dashboards, and the messages between it and a dashboard's home; only for dashboard.c.
 * Each is made on one shard, posted, and freed on the other. */
#ifndef LIVE_DASHBOARD_WATCH_H
#define LIVE_DASHBOARD_WATCH_H

#include "domain/permission.h"
#include "domain/room.h"
#include "domain/user.h"
#include "live/chat.h"
#include "live/live_shard.h"

/* What is posted to a dashboard's home. */
struct desk_home {
    void (*snapshot)(struct floor *f, void *snapshot); /* takes struct desk_snapshot */
    void (*delivery)(struct floor *f, void *delivery); /* takes struct desk_delivery */
};

/* Who looks: copied to every shard. */
struct desk_viewer {
    const struct desk_home *to;
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

/* An event of this shard: tells every dashboard that may see it. Returns how many. */
int desk_watch_hear(struct floor *f, const struct live_event *ev);

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

#endif

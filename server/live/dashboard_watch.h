/* dashboard_watch.h - the rooms' side of the dashboards, and the messages between it and a dashboard's home; only for dashboard.c.
 * Each is made on one shard, posted, and freed on the other. */
#ifndef LIVE_DASHBOARD_WATCH_H
#define LIVE_DASHBOARD_WATCH_H

#include "domain/permission.h"
#include "domain/room.h"
#include "domain/user.h"
#include "live/chat.h"
#include "live/live_shard.h"

/* Posted to a dashboard's home. */
struct dashboard_home {
    void (*snapshot)(struct live_shard *shard, void *snapshot); /* takes struct dashboard_snapshot */
    void (*delivery)(struct live_shard *shard, void *delivery); /* takes struct dashboard_delivery */
};

/* The viewer: copied to every shard. */
struct dashboard_viewer {
    const struct dashboard_home *to;
    int64_t id; /* of the dashboard, at its home */
    int home;   /* shard */
    char user_id[ID_SIZE];
    char name[NAME_SIZE];
    enum user_role role;
};

/* Home → rooms. */
/* Takes struct dashboard_viewer; answers with one struct dashboard_snapshot. */
void dashboard_watch_begin(struct live_shard *shard, void *viewer);
void dashboard_watch_end(struct live_shard *shard, void *viewer); /* takes struct dashboard_viewer */
struct dashboard_request {
    struct dashboard_viewer by;
    enum permission may; /* the permission needed */
    enum room_verb verb; /* ROOM_VERBS: chat */
    const char *of;      /* static text */
    int64_t n;           /* its number; 0 none */
    char room_id[ID_SIZE], participant[ID_SIZE];
    char *text;            /* owned, or NULL */
    char id[CHAT_ID_SIZE]; /* chat: the writer's id of it, or "" */
    bool block, beside, instead;
};
void dashboard_watch_ask(struct live_shard *shard, void *request); /* takes struct dashboard_request */

/* An event of this shard: tells every dashboard that may see it. Returns how many. */
int dashboard_watch_hear(struct live_shard *shard, const struct live_event *ev);

/* Rooms → home. */
struct dashboard_piece {
    struct dashboard_piece *next;
    char room_id[ID_SIZE];
    char *json; /* owned: the room with its participants */
};
struct dashboard_snapshot {
    int64_t dashboard_id;
    struct dashboard_piece *pieces; /* rooms of that shard with people in them */
};
enum dashboard_delivery_kind {
    DELIVER_CHANGE, /* a numbered message */
    DELIVER_SHOWN,  /* the same; the room is known from now on */
    DELIVER_GONE,   /* only if the room was known */
    DELIVER_CUT,    /* a message was lost: the dashboard must begin anew */
};
struct dashboard_delivery {
    int64_t dashboard_id;
    enum dashboard_delivery_kind kind;
    char room_id[ID_SIZE]; /* SHOWN, GONE */
    struct payload *said;  /* a reference; NULL for CUT */
};

#endif

/* live_event.h - what happens in the rooms of a shard, for whoever observes them all: dashboards today. Published on the shard's
 * thread by live_shard_publish(), after it is so; everything is borrowed for the call. */
#ifndef LIVE_LIVE_EVENT_H
#define LIVE_LIVE_EVENT_H

#include "domain/room.h"

struct live_shard;
struct live_room;
struct seat_session;

enum live_event_kind {
    LIVE_PARTICIPANT, /* `room`, `about`, `news`, `reason` */
    LIVE_CHAT,        /* one who waits said something to the hosts and the front desk: `room`, `about`, `chat` */
    LIVE_RULES,       /* the rules of a room are others now: `rules`; `before` and `room` when somebody is there */
    LIVE_LINKS,       /* the invitations of a room are no longer as they were: `rules` */
    LIVE_DELETED,     /* a room is no longer stored: `room_id` */
    LIVE_SIGNED_OUT,  /* a sign-in is over: `session_id` */
};

struct live_chat {
    const char *text;
    const char *id; /* the writer's own name for it, or "" */
    int64_t at_ms;  /* wall clock */
};

struct live_event {
    enum live_event_kind kind;
    struct live_room *room;
    const struct seat_session *about;
    enum room_news news;
    const char *reason; /* static text, or NULL */
    struct live_chat chat;
    const struct room_view *before; /* without revision: not known */
    const struct room_rules *rules;
    const char *room_id, *session_id;
};

/* Returns how many people it told. */
typedef int (*live_observer)(struct live_shard *f, const struct live_event *ev);

#endif

/* live_event.h - events in the rooms of a shard, for observers of all of them: today the dashboards. live_shard_publish() publishes them
 * on the shard's thread, after the fact; everything is borrowed for the call. */
#ifndef LIVE_LIVE_EVENT_H
#define LIVE_LIVE_EVENT_H

#include "domain/room.h"

struct live_shard;
struct live_room;
struct seat_session;

enum live_event_kind {
    LIVE_PARTICIPANT, /* `room`, `about`, `news`, `reason` */
    LIVE_CHAT,        /* a waiting person wrote to the hosts and the front desk: `room`, `about`, `chat` */
    LIVE_RULES,       /* the rules of a room have changed: `rules`; `before` and `room` when it is in use */
    LIVE_LINKS,       /* the invitations of a room have changed: `rules` */
    LIVE_DELETED,     /* a room is no longer stored: `room_id` */
    LIVE_SIGNED_OUT,  /* a sign-in has ended: `session_id` */
};

struct live_chat {
    const char *text;
    const char *id; /* the writer's id of it, or "" */
    int64_t at_ms;  /* wall clock */
};

struct live_event {
    enum live_event_kind kind;
    struct live_room *room;
    const struct seat_session *about;
    enum room_news news;
    const char *reason; /* static text, or NULL */
    struct live_chat chat;
    const struct room_view *before; /* without revision: unknown */
    const struct room_rules *rules;
    const char *room_id, *session_id;
};

/* Returns the number of people told. */
typedef int (*live_observer)(struct live_shard *shard, const struct live_event *ev);

#endif

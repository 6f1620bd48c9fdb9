/* messages.h - the messages of PROTOCOL.md that go out, made from plain views (those that come in: incoming.h). This module knows no
 * seats and no dashboards, decides nothing and sends nothing. A builder returns one reference to a payload. Any thread. */
#ifndef LIVE_MESSAGES_H
#define LIVE_MESSAGES_H

#include <jansson.h>
#include "domain/call_quality.h"
#include "domain/permission.h"
#include "domain/room.h"
#include "domain/token.h"
#include "domain/turn_credential.h"
#include "util/json_fields.h"
#include "ws/payload.h"

#define CHAT_MAX 4096
#define CHAT_ID_MAX 36
#define HOST_TEXT_MAX 1000 /* message of a host to a guest */
#define SIGNAL_DATA_MAX (48 * 1024)

/* What a seat reports about itself; shown to people who see it, never stored. */
struct seat_status {
    uint8_t known, set; /* bits by STATUS_BITS in messages.c: reported at all; and true */
    char quality[17];   /* "" unsaid */
    char path[17];      /* "" unsaid */
    char check[17];     /* result of the self test while waiting; "" unsaid */
    int32_t ready;      /* a topology generation; 0 unsaid */
};
/* Takes over a checked `status`. ERR_INVALID: quality, path or check is not a valid word; then nothing has changed. */
MUST_CHECK enum err_code messages_read_status(const json_t *message, struct seat_status *s, struct err *e);

/* A checked `quality`. ERR_INVALID: path is not a valid word. */
MUST_CHECK enum err_code messages_read_quality(const json_t *message, struct call_quality *out, struct err *e);

/* A person, as shown. Borrowed. */
struct participant_view {
    const struct room_member *member;
    const struct seat_status *status;
    int offerer; /* does the receiver make the first offer? -1: left out */
    bool user;   /* with the id of the account, as dashboards get it */
};
struct participant_list {
    struct participant_view *items; /* owned by the caller, from mem_new_array() */
    size_t count;
};
/* The media relays and their credential. */
struct ice_view {
    bool inside;             /* only then there is anything */
    const char *const *urls; /* NULL-terminated; NULL: no relay */
    struct turn_credential credential;
};

/* Everything that a seat is told about the room at its beginning. */
struct welcome_view {
    const struct room_member *self;
    const struct room_view *room;
    struct participant_list others; /* people that it sees */
    struct ice_view ice;
    const char *epoch, *ticket;
    int64_t seq, n; /* the last numbers: of messages to it, of messages from it */
    bool resumed;
    permission_set may;
};
struct payload *messages_welcome(const struct welcome_view *v);
/* `room_id` NULL: to a seat; otherwise to a dashboard. */
struct payload *messages_participant(const struct participant_view *about, enum room_news news, const char *reason,
                                     const char *room_id);
struct payload *messages_state(const struct room_member *self, permission_set may,
                               const struct participant_list *others, const struct ice_view *ice, const char *reason);
/* A chat line: `to` and `room_id` NULL as above; `role` of the user who wrote it at a dashboard, NULL: `from` is a seat;
 * `id`: the writer's id of it, NULL or "" none. */
struct chat_line {
    const char *from, *name, *role, *to, *text, *room_id, *id;
    int64_t at_ms;
};
struct payload *messages_chat(const struct chat_line *line);
/* A list of participants that grows. Zeroed: empty. */
struct messages_ids {
    struct buf list;
};
void messages_add_id(struct messages_ids *ids, const char *id);
/* A message was handled: how many people got it, who will get it, who will not. Clears the lists. */
struct payload *messages_ack(const char *of, int64_t n, int heard, struct messages_ids *later,
                             struct messages_ids *never);
/* What a host asks of a person; `kind` "": none. */
struct payload *messages_request(const char *type, const char *from, const char *kind);
struct payload *messages_room(const struct room_view *v);
struct payload *messages_ice(const struct ice_view *ice);
struct payload *messages_echo(int64_t n);
/* `error` "guest_inside" of `admit`: the person concerned, and the people inside. `participant` is in the room. */
struct payload *messages_guest_inside(const struct room *r, const char *participant, const char *detail, int64_t n);

/* Pieces of the dashboard's snapshot. */
/* `{"id":…,…` without the closing brace, for a user of this role and id: whether they host it, and what they may do there. */
void messages_add_room(struct buf *b, const struct room_view *v, enum user_role role, const char *user_id);
void messages_add_participant(struct buf *b, const struct participant_view *v);
#define MESSAGES_MAX (512 * 1024) /* the largest message of ours */

#endif

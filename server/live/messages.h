/* protocol.h - the messages of PROTOCOL.md, from and to bytes: tables of fields for what comes in, builders for what goes out.
 * It decides nothing and sends nothing. A builder returns one reference to a payload. On the shard's thread. */
#ifndef LIVE_MESSAGES_H
#define LIVE_MESSAGES_H

#include <jansson.h>
#include "domain/room.h"
#include "ws/payload.h"
#include "live/live_room.h"
#include "util/json_fields.h"

#define CHAT_MAX 4096
#define CHAT_ID_MAX 36
#define HOST_TEXT_MAX 1000 /* words of a host to a guest */
#define SIGNAL_DATA_MAX (48 * 1024)

/* ---- in ---- */

extern const struct field FIELDS_JOIN[], FIELDS_CHAT[], FIELDS_STATUS[], FIELDS_ADMIT[], FIELDS_ABOUT[], FIELDS_MUTE[],
    FIELDS_SEEN[], FIELDS_ROOM[], FIELDS_NONE[];
extern const struct field FIELDS_DESK_ADMIT[], FIELDS_DESK_ABOUT[], FIELDS_DESK_CHAT[], FIELDS_DESK_ROOM[];

/* Takes over what a checked `status` says. ERR_INVALID: quality or path is no such word; then nothing changed. */
MUST_CHECK enum err_code protocol_read_status(const json_t *message, struct seat_status *s, struct err *e);

/* A `room` whose fields are checked: ERR_INVALID when it changes a rule that cannot be changed here (then nothing of it is
 * done), or none at all. */
MUST_CHECK enum err_code protocol_check_room(const json_t *message, struct err *e);

/* An `admit` whose fields are checked: ERR_INVALID when it says both `beside` and `instead`. */
MUST_CHECK enum err_code protocol_check_admit(const json_t *message, struct err *e);

/* ---- out ---- */

struct welcome_facts {
    const char *ticket;
    bool resumed;
    int64_t seq;
};
struct payload *protocol_welcome(const struct seat_link *l, const struct welcome_facts *w);
/* `offerer`: the receiver makes the first offer to `about`. `room_id` NULL: to a seat; else to a dashboard. */
struct payload *protocol_participant(const struct seat_link *about, enum room_news news, const char *reason,
                                     bool offerer, const char *room_id);
struct payload *protocol_state(const struct seat_link *l, const char *reason);
/* What is said in writing: `to` and `room_id` NULL as above; `role` of the user who said it at a dashboard, NULL: `from` is a seat;
 * `id`: the writer's own name for it, NULL or "" none. */
struct chat_line {
    const char *from, *name, *role, *to, *text, *room_id, *id;
    int64_t at_ms;
};
struct payload *protocol_chat(const struct chat_line *line);
/* A list of participants that grows. Zeroed: empty. */
struct protocol_ids {
    struct buf list;
};
void protocol_add_id(struct protocol_ids *ids, const char *id);
/* A message was handled: how many heard it, who will, who will not. Clears the lists. */
struct payload *protocol_ack(const char *of, int64_t n, int heard, struct protocol_ids *later,
                             struct protocol_ids *never);
struct payload *protocol_mute(const char *from, const char *kind);
struct payload *protocol_room(const struct room_view *v);
struct payload *protocol_ice(const struct seat_link *l);
/* `error` "guest_inside" of `admit`: whom it was about, and who is inside. `participant` sits in the room. */
struct payload *protocol_guest_inside(const struct room *r, const char *participant, const char *detail, int64_t n);
/* Pieces that the dashboard's snapshot is made of. */
/* `{"id":…,…` without the closing brace. `host`: is this user a host of it? -1: leaves it out. */
void protocol_add_room(struct buf *b, const struct room_view *v, int host);
/* `offerer` -1: leaves it out. `user`: with the id of the account, as dashboards get it. */
void protocol_add_participant(struct buf *b, const struct room_member *m, int offerer, bool user);
#define PROTOCOL_MESSAGE_MAX (512 * 1024) /* what one message of ours may hold */

#endif

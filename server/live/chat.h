/* chat.h - messages that people write to each other: who gets them, which are kept for people who are away, and the answer to the writer.
 * On the shard's thread. */
#ifndef LIVE_CHAT_H
#define LIVE_CHAT_H

#include "live/live_room.h"
#include "util/err.h"

#define CHAT_ID_SIZE 37 /* the writer's id of a line, with its NUL: CHAT_ID_MAX + 1 */

struct chat_words {
    const char *text;
    const char *to; /* a participant, or "" for all */
    const char *id; /* or "": passed on, so that a line sent twice is shown once */
    int64_t n;      /* the writer's number of it; 0: no answer wanted */
};

/* By the person on `from`. ERR_NOT_FOUND: they see nobody with that id. */
MUST_CHECK enum err_code chat_from_seat(struct seat_session *from, const struct chat_words *w, struct err *e);

/* To one seat by a user at a dashboard; keeps the caller's reference. The answer to the writer, or NULL when `n` is 0. */
struct payload *chat_to_seat(struct seat_session *to, struct payload *said, int64_t n);

/* The page of `seat` has begun anew, or its numbers have a gap: missing lines are sent (again), before any other message to it.
 * `after`: it has everything up to this number. `anew`: it has nothing, not even its own lines; lines sent to an earlier page,
 * up to `sent`, are marked. */
void chat_again(struct seat_session *seat, int64_t after, int64_t sent, bool anew);

/* Adds, to the participant in a dashboard's snapshot, the chat while waiting: `,"chat":[…]`, or nothing. */
void chat_add_waiting(struct buf *b, const struct seat_session *seat);

#endif

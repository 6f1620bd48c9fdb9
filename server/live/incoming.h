/* incoming.h - the messages that come in, as one table: sender, permission, fields, handler. A message is added here: its fields, its
 * handler if none of the present ones fits, its row. Not here: bytes, numbers, pace, the check of a permission (dispatch.h). On the
 * shard's thread. */
#ifndef LIVE_INCOMING_H
#define LIVE_INCOMING_H

#include <jansson.h>
#include "domain/permission.h"
#include "live/speaker.h"

struct envelope;
struct field;

/* The sender of a message: a connection that wants to join, a seat, a dashboard. */
enum side { NEWCOMER, SEAT, DASHBOARD };

struct incoming {
    enum side side;
    const char *type; /* the name of the permission, if it has one */
    /* Checked for a seat; for a dashboard, the room's shard checks it. Admission judges newcomers. A decision of the room, if it asks for
     * one, follows from it (room_verb_of()). */
    enum permission may;
    const struct field *fields;
    /* NULL: not in this version */
    void (*handle)(struct speaker *speaker, const json_t *m, const struct incoming *rule);
    /* Instead of `handle`: for messages that stay unread. */
    enum err_code (*pass)(struct seat_session *from, const struct envelope *m, struct err *e);
};

extern const struct incoming INCOMING[]; /* the last one has no type */

const struct incoming *incoming_find(enum side side, const char *type); /* NULL: none */

#endif

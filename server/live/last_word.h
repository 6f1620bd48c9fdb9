/* last_word.h - what the page of a person whose seat has ended may still say: how good the call was until then. A host ends a visit from one
 * moment to the next, and the page hears of it by the bye. It owns the parting client, and is freed with it. On the shard's thread. */
#ifndef LIVE_LAST_WORD_H
#define LIVE_LAST_WORD_H

#include "live/seat_session.h"

struct last_word {
    struct live_shard *shard;
    struct client_owner owner; /* of the client */
    struct call_stretch stretch;
    struct minute reports;
};

/* Says bye to the client of a seat that has ended, and waits a second for its last report. The client has no owner. */
void last_word_wait(const struct seat_session *seat, struct client *client, enum close_code code, struct payload *bye);
/* It came. Too many are not kept. */
void last_word_reported(struct last_word *word, const struct call_quality *report);

#endif

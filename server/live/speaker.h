/* speaker.h - the sender of a message that is being handled, and answers to it. On the shard's thread. */
#ifndef LIVE_SPEAKER_H
#define LIVE_SPEAKER_H

#include "live/live_shard.h"
#include "util/err.h"

struct dashboard;
struct numbers;
struct seat_session;

/* A seat or a dashboard, and the number of the message. */
struct speaker {
    struct live_shard *shard;
    struct client *client;
    struct seat_session *seat;   /* or NULL */
    struct dashboard *dashboard; /* or NULL */
    struct numbers *own;         /* of its messages */
    int64_t n;                   /* of this one; 0: it has none */
};

/* Answers with an `error` about its message of type `of` (or NULL), or about the number `n` instead of its own. */
void speaker_error(struct speaker *speaker, const char *code, const char *detail, const char *of);
void speaker_error_n(struct speaker *speaker, const char *code, const char *detail, const char *of, int64_t n);
/* A fault of the client: reports it, and the third within a minute ends the connection. */
void speaker_fault(struct speaker *speaker, const char *code, const char *detail, const char *of);
/* The outcome of handling: ERR_OK says nothing, ERR_INVALID is a fault, but for `not_available`. */
void speaker_answer(struct speaker *speaker, enum err_code rc, const struct err *e, const char *of);

#endif

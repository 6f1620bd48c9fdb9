/* roster.h - the dashboards open on all shards, and the tokens that opened them. The number of dashboards per sign-in and per user is
 * limited; the oldest gives way to a new one. A token opens one dashboard, once. Bounded; any thread. */
#ifndef LIVE_ROSTER_H
#define LIVE_ROSTER_H

#include <stdbool.h>
#include <stdint.h>

#define ROSTER_PER_SESSION 8
#define ROSTER_PER_USER 32
#define ROSTER_TOKENS_MAX 4096 /* remembered; the oldest is forgotten first */

struct roster;

/* A dashboard by its home shard and its id there; id 0: none. */
struct roster_dashboard {
    int64_t id;
    int shard;
};

struct roster *roster_new(void);
void roster_free(struct roster *roster); /* NULL is fine */

/* Takes this token, which is valid until `exp_ms` (wall clock). False: it was already taken. */
bool roster_claim(struct roster *roster, const char *jti, int64_t exp_ms, int64_t now_ms);
/* Adds one. `session_id` "": not counted. `victim`: the oldest of the same sign-in, or user, which must close. */
void roster_enter(struct roster *roster, const char *session_id, const char *user_id, struct roster_dashboard dashboard,
                  struct roster_dashboard *victim);
void roster_leave(struct roster *roster, struct roster_dashboard dashboard); /* harmless when it is not in it */

#endif

/* news.h - how often others hear of one person. What somebody decides, and who comes and goes, is told at once. What people can change
 * by themselves as often as they like (their status; a connection that comes and goes while they wait) is told at once when it is
 * the first for a while, and otherwise a little later with whatever it has become meanwhile: the last word is always told. All
 * who wait in a room share one pace, so that strangers cannot fill the line of a host who has not let them in.
 * On its shard's thread. */
#ifndef LIVE_COALESCE_H
#define LIVE_COALESCE_H

#include "domain/room.h"
#include "live/live_shard.h"

struct place;
struct seat_link;

#define NEWS_INSIDE_MS 250    /* between two news of one person inside */
#define NEWS_WAITING_MS 1000  /* of one who waits */
#define NEWS_WAITING_PER_S 12 /* of all who wait in a room */
#define NEWS_WAITING_BURST 10
#define NEWS_CHATS_WAITING_BURST 5 /* of one who waits; one a second after that */

/* So much may be taken at once; it refills with time. A zeroed one is full. */
struct bucket {
    double tokens;
    int64_t filled_ms; /* monotonic; 0 never used */
};
/* Fills it up to now and says whether there is one to take. */
bool bucket_has(struct bucket *b, double per_s, double burst, int64_t mono_ms);

/* Of one seat. */
struct news {
    struct list late; /* in floor.late while something is to be told */
    int64_t next_ms;  /* monotonic: not before this */
    int64_t instance; /* as last told */
    uint32_t turn;    /* of the last list of events in which it was asked for, */
    bool pass;        /* and whether it was told then */
    bool away;        /* as last told */
};

/* Of all who wait in a room. */
struct news_budget {
    struct bucket told;   /* what changed about them */
    struct bucket often;  /* chat of those who said something a moment ago, */
    struct bucket seldom; /* and of those who did not: they are heard beside those who flood */
};

/* Takes out of `ev` what is to be told later. */
void news_merge(struct place *p, struct room_events *ev);
/* The seat is gone, and with it what was to be told of it. */
void news_forget(struct seat_link *l);
/* Tells what is due. */
void news_tick(struct floor *f, int64_t mono_ms);
/* May one who waits say something now? True counts it. */
bool news_chat_allowed(struct seat_link *l, int64_t mono_ms);

#endif

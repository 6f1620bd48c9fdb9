/* age.h - the ageing clock: the clock by which things grow old. Pure values; times come in.
 *
 * A wall clock can be wrong: a year ahead for a minute, or at 1970 until the network is up. Things refused for their age are only
 * refused meanwhile; deleted things are gone for good. So deletion uses this clock: it follows the wall clock at once while
 * that moves with the machine's running time, and after a jump only once the two have moved together for an hour, and then at most
 * twelve times as fast as the machine runs. After a night off it has caught up within three hours; a minute of a wrong
 * clock changes nothing. The time it has reached is stored, so that it goes on after a restart. */
#ifndef DOMAIN_AGE_H
#define DOMAIN_AGE_H

#include <stdbool.h>
#include <stdint.h>

#define AGE_LEEWAY_MS (3600 * INT64_C(1000)) /* up to this difference the clocks agree */
#define AGE_HOLD_MS (3600 * INT64_C(1000))   /* after a jump, wall and running time must move together this long */
#define AGE_CATCH_UP 12                      /* how many times as fast as the machine runs */

/* Times in milliseconds: wall since 1970, boot since the machine started (never jumps and includes sleep). */
struct age_clock {
    int64_t followed_ms;      /* wall clock, as far as it is trusted */
    int64_t wall_ms, boot_ms; /* at the last tick */
    int64_t together_ms;      /* how long wall and boot have moved together */
};

/* `followed_ms`: the time stored last; 0: none, so the wall clock is trusted. */
void age_start(struct age_clock *c, int64_t followed_ms, int64_t wall_ms, int64_t boot_ms);
/* Every minute or so. */
void age_tick(struct age_clock *c, int64_t wall_ms, int64_t boot_ms);
/* The time by which things may be deleted at `wall_ms`: never later than that, and while the clocks disagree, never later than
 * the followed time. */
int64_t age_due_ms(int64_t followed_ms, int64_t wall_ms);
/* May things that are too old by `wall_ms` end for good? */
bool age_agrees(int64_t followed_ms, int64_t wall_ms);

#endif

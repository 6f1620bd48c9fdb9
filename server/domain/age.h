/* age.h - the clock by which things grow old. Pure values; times come in.
 *
 * A wall clock can be wrong: a year ahead for a minute, or at 1970 until the network is up. What is refused for its age is only
 * refused meanwhile; what is deleted is gone for good. So deleting goes by this clock: it follows the wall clock at once while
 * that moves as the machine runs, and after a jump only once the two have moved together for an hour, and then at most twelve
 * times as fast as the machine runs. A machine that was off for a night has followed within three hours; a minute of a wrong
 * clock changes nothing. What it has reached is written down, so that it goes on after a restart. */
#ifndef DOMAIN_AGE_H
#define DOMAIN_AGE_H

#include <stdbool.h>
#include <stdint.h>

#define AGE_LEEWAY_MS (3600 * INT64_C(1000)) /* so far apart the clocks still agree */
#define AGE_HOLD_MS (3600 * INT64_C(1000))   /* so long wall and running time must move together after a jump */
#define AGE_CATCH_UP 12                      /* times as fast as the machine runs */

/* Times in milliseconds: wall since 1970, boot since the machine was started (it never jumps and counts sleep). */
struct age_clock {
    int64_t followed_ms;      /* wall clock, as far as it is believed */
    int64_t wall_ms, boot_ms; /* at the last tick */
    int64_t together_ms;      /* how long wall and boot have moved together */
};

/* `followed_ms`: what was written down last; 0: nothing, so the wall clock is believed. */
void age_start(struct age_clock *c, int64_t followed_ms, int64_t wall_ms, int64_t boot_ms);
/* Every minute or so. */
void age_tick(struct age_clock *c, int64_t wall_ms, int64_t boot_ms);
/* By which time at `wall_ms` something may be deleted: never later than that, and while the clocks disagree, never later than
 * what was followed. */
int64_t age_due_ms(int64_t followed_ms, int64_t wall_ms);
/* May what is too old by `wall_ms` end for good? */
bool age_agrees(int64_t followed_ms, int64_t wall_ms);

#endif

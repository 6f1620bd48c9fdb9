#include "domain/age.h"

#include <stdlib.h>

#define TOGETHER_MS 10000 /* greatest drift between the clocks in one tick: slewing, and a late tick */

static int64_t at_most(int64_t value, int64_t limit)
{
    return value > limit ? limit : value < -limit ? -limit : value;
}

static void follow(struct age_clock *c, int64_t wall_ms, int64_t ran_ms)
{
    int64_t gap_ms = wall_ms - c->followed_ms;

    if (age_agrees(c->followed_ms, wall_ms))
        c->followed_ms = wall_ms;
    else
        c->followed_ms += at_most(gap_ms, c->together_ms >= AGE_HOLD_MS ? ran_ms * AGE_CATCH_UP : 0);
}

void age_start(struct age_clock *c, int64_t followed_ms, int64_t wall_ms, int64_t boot_ms)
{
    *c = (struct age_clock){ .followed_ms = followed_ms ? followed_ms : wall_ms,
                             .wall_ms = wall_ms,
                             .boot_ms = boot_ms };
    follow(c, wall_ms, 0);
}

void age_tick(struct age_clock *c, int64_t wall_ms, int64_t boot_ms)
{
    int64_t ran_ms = boot_ms > c->boot_ms ? boot_ms - c->boot_ms : 0, jump_ms = wall_ms - c->wall_ms - ran_ms;

    c->together_ms = llabs(jump_ms) <= TOGETHER_MS ? c->together_ms + ran_ms : 0;
    c->wall_ms = wall_ms;
    c->boot_ms = boot_ms;
    follow(c, wall_ms, ran_ms);
}

int64_t age_due_ms(int64_t followed_ms, int64_t wall_ms)
{
    return age_agrees(followed_ms, wall_ms) || followed_ms > wall_ms ? wall_ms : followed_ms;
}

bool age_agrees(int64_t followed_ms, int64_t wall_ms)
{
    return llabs(wall_ms - followed_ms) <= AGE_LEEWAY_MS;
}

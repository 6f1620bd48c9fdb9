/* clock.h - the two clocks, and RFC 3339 text. Code in domain/ takes times as arguments instead. Any thread. */
#ifndef UTIL_CLOCK_H
#define UTIL_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#define CLOCK_RFC3339_SIZE 25 /* 2026-11-22T15:04:05.000Z and NUL */

int64_t clock_wall_ms(void); /* since 1970, UTC; jumps when the machine's clock is set */
int64_t clock_boot_ms(void); /* never jumps and goes on while the machine sleeps; to compare with the wall clock */
int64_t clock_mono_ms(void); /* never jumps; for deadlines and durations only */

/* "2026-11-22T15:04:05Z", with ".mmm" when not a whole second. Years 0-9999. */
void clock_rfc3339(char to[CLOCK_RFC3339_SIZE], int64_t wall_ms);
/* Strict: date, T, time, optional fraction, then Z or an offset. False for anything else. */
bool clock_from_rfc3339(const char *text, int64_t *wall_ms);

#endif

#include "util/clock.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static int64_t read_ms(clockid_t id)
{
    struct timespec t;

    clock_gettime(id, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t clock_wall_ms(void)
{
    return read_ms(CLOCK_REALTIME);
}

int64_t clock_boot_ms(void)
{
    return read_ms(CLOCK_BOOTTIME);
}

int64_t clock_mono_ms(void)
{
    return read_ms(CLOCK_MONOTONIC);
}

void clock_rfc3339(char to[CLOCK_RFC3339_SIZE], int64_t wall_ms)
{
    int64_t ms = ((wall_ms % 1000) + 1000) % 1000;
    time_t seconds = (time_t)((wall_ms - ms) / 1000);
    struct tm tm;
    char day[20];

    gmtime_r(&seconds, &tm);
    strftime(day, sizeof day, "%Y-%m-%dT%H:%M:%S", &tm);
    if (ms)
        snprintf(to, CLOCK_RFC3339_SIZE, "%s.%03dZ", day, (int)ms);
    else
        snprintf(to, CLOCK_RFC3339_SIZE, "%sZ", day);
}

/* Reads `count` digits at *p into *out; false when one is missing. */
static bool digits(const char **p, int count, int *out)
{
    *out = 0;
    for (; count > 0; count--, ++*p) {
        if (**p < '0' || **p > '9')
            return false;
        *out = *out * 10 + (**p - '0');
    }
    return true;
}

static bool literal(const char **p, char c)
{
    return **p == c && ++*p;
}

static bool read_date_time(const char **p, struct tm *tm)
{
    bool ok = digits(p, 4, &tm->tm_year) && literal(p, '-') && digits(p, 2, &tm->tm_mon) && literal(p, '-') &&
              digits(p, 2, &tm->tm_mday) && literal(p, 'T') && digits(p, 2, &tm->tm_hour) && literal(p, ':') &&
              digits(p, 2, &tm->tm_min) && literal(p, ':') && digits(p, 2, &tm->tm_sec);

    return ok && tm->tm_mon >= 1 && tm->tm_mon <= 12 && tm->tm_mday >= 1 && tm->tm_mday <= 31 && tm->tm_hour <= 23 &&
           tm->tm_min <= 59 && tm->tm_sec <= 59;
}

/* ".123456": the first three digits count. Absent is fine. */
static bool read_fraction(const char **p, int *ms)
{
    int weight = 100, n = 0;

    *ms = 0;
    if (!literal(p, '.'))
        return true;
    for (; **p >= '0' && **p <= '9'; ++*p, n++, weight /= 10)
        *ms += (**p - '0') * weight;
    return n >= 1 && n <= 9;
}

static bool read_offset(const char **p, int *minutes)
{
    int h, m, sign = **p == '-' ? -1 : 1;

    *minutes = 0;
    if (literal(p, 'Z'))
        return true;
    if (!literal(p, '+') && !literal(p, '-'))
        return false;
    if (!digits(p, 2, &h) || !literal(p, ':') || !digits(p, 2, &m) || h > 23 || m > 59)
        return false;
    *minutes = sign * (h * 60 + m);
    return true;
}

bool clock_from_rfc3339(const char *text, int64_t *wall_ms)
{
    struct tm tm = { 0 }, check;
    const char *p = text;
    int ms, offset;
    time_t seconds;

    if (!read_date_time(&p, &tm) || !read_fraction(&p, &ms) || !read_offset(&p, &offset) || *p)
        return false;
    tm.tm_year -= 1900;
    tm.tm_mon -= 1;
    check = tm;
    seconds = timegm(&check);
    if (check.tm_mday != tm.tm_mday) /* 31 February and the like */
        return false;
    *wall_ms = ((int64_t)seconds - (int64_t)offset * 60) * 1000 + ms;
    return true;
}

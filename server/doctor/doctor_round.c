#include "doctor/doctor_round.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "util/clock.h"

struct doctor_number doctor_number(int64_t n)
{
    struct doctor_number to;

    snprintf(to.text, sizeof to.text, "%lld", (long long)n);
    return to;
}

static const struct doctor_words *words_of(const struct doctor_check *check, const char *code)
{
    for (const struct doctor_words *w = check->words; w->code; w++)
        if (strcmp(w->code, code) == 0)
            return w;
    assert(false && "a check finds what its words do not list");
    return NULL;
}

struct doctor_finding *doctor_add(struct doctor_round *r, const struct doctor_words *words)
{
    struct doctor_report *report = r->report;
    struct doctor_finding *f;

    if (!words || report->count == DOCTOR_FINDINGS_MAX)
        return NULL;
    f = &report->items[report->count++];
    f->check = r->check->name;
    f->words = words;
    f->blank_count = 0;
    if (words->level > report->level)
        report->level = words->level;
    return f;
}

/* At the end of a character. */
static void copy_cut(char to[DOCTOR_VALUE_SIZE], const char *from)
{
    size_t len = strnlen(from, DOCTOR_VALUE_SIZE - 1);

    while (from[len] && len > 0 && ((unsigned char)from[len] & 0xc0) == 0x80)
        len--;
    memcpy(to, from, len);
    to[len] = '\0';
}

void doctor_found(struct doctor_round *r, const char *code, ...)
{
    struct doctor_finding *f = doctor_add(r, words_of(r->check, code));
    const char *name;
    va_list ap;

    if (!f)
        return;
    va_start(ap, code);
    while ((name = va_arg(ap, const char *)) != NULL) {
        const char *value = va_arg(ap, const char *);

        assert(f->blank_count < DOCTOR_BLANKS_MAX);
        f->blanks[f->blank_count].name = name;
        copy_cut(f->blanks[f->blank_count++].value, value);
    }
    va_end(ap);
    if (r->hear)
        r->hear(r->arg, f);
}

bool doctor_is_over(const struct doctor_round *r)
{
    return (r->stop && atomic_load(r->stop)) || clock_mono_ms() >= r->end_ms;
}

struct net_wait doctor_wait(const struct doctor_round *r, int ms)
{
    int64_t until = clock_mono_ms() + ms;

    return (struct net_wait){ until < r->end_ms ? until : r->end_ms, r->stop };
}

const char *doctor_nearest(const char *host)
{
    if (strcmp(host, "0.0.0.0") == 0)
        return "127.0.0.1";
    return strcmp(host, "::") == 0 ? "::1" : host;
}

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
    for (const struct doctor_words *words = check->words; words->code; words++)
        if (strcmp(words->code, code) == 0)
            return words;
    assert(false && "a check finds what its words do not list");
    return NULL;
}

struct doctor_finding *doctor_add(struct doctor_round *round, const struct doctor_words *words)
{
    struct doctor_report *report = round->report;
    struct doctor_finding *finding;

    if (!words || report->count == DOCTOR_FINDINGS_MAX)
        return NULL;
    finding = &report->items[report->count++];
    finding->check = round->check->name;
    finding->words = words;
    finding->blank_count = 0;
    if (words->level > report->level)
        report->level = words->level;
    return finding;
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

void doctor_found(struct doctor_round *round, const char *code, ...)
{
    struct doctor_finding *finding = doctor_add(round, words_of(round->check, code));
    const char *name;
    va_list ap;

    if (!finding)
        return;
    va_start(ap, code);
    while ((name = va_arg(ap, const char *)) != NULL) {
        const char *value = va_arg(ap, const char *);

        assert(finding->blank_count < DOCTOR_BLANKS_MAX);
        finding->blanks[finding->blank_count].name = name;
        copy_cut(finding->blanks[finding->blank_count++].value, value);
    }
    va_end(ap);
    if (round->hear)
        round->hear(round->arg, finding);
}

bool doctor_is_over(const struct doctor_round *round)
{
    return (round->stop && atomic_load(round->stop)) || clock_mono_ms() >= round->end_ms;
}

struct net_wait doctor_wait(const struct doctor_round *round, int ms)
{
    int64_t until = clock_mono_ms() + ms;

    return (struct net_wait){ until < round->end_ms ? until : round->end_ms, round->stop };
}

const char *doctor_nearest(const char *host)
{
    if (strcmp(host, "0.0.0.0") == 0)
        return "127.0.0.1";
    return strcmp(host, "::") == 0 ? "::1" : host;
}

#include "domain/call_quality.h"

#include <stdbool.h>

#include "util/str.h"

/* What explains a word that is not good. Beyond these a listener notices it; the page's judgement (features/quality) is of the same size. */
#define LOST_SHARE 20 /* a twentieth of the time without a connection */
#define LOSS_THOUSANDTHS 30
#define CONCEALED_THOUSANDTHS 50
#define DELAY_RTT_MS 400
#define FROZEN_SHARE 20 /* a twentieth of the time without a new picture */

static int64_t larger(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static bool is_worse(const struct call_quality *a, const struct call_quality *b)
{
    return a->worst_bad_s != b->worst_bad_s ? a->worst_bad_s > b->worst_bad_s : a->worst_fair_s > b->worst_fair_s;
}

void call_quality_came(struct call_quality *report, int64_t at_ms)
{
    report->worst_bad_s = report->poor_s + report->lost_s;
    report->worst_fair_s = report->fair_s;
    report->worst_ms = report->worst_bad_s + report->worst_fair_s > 0 ? at_ms : 0;
}

void call_quality_add(struct call_quality *total, const struct call_quality *report)
{
    total->good_s += report->good_s;
    total->fair_s += report->fair_s;
    total->poor_s += report->poor_s;
    total->lost_s += report->lost_s;
    total->frozen_ms += report->frozen_ms;
    total->rtt_ms = larger(total->rtt_ms, report->rtt_ms);
    total->loss = larger(total->loss, report->loss);
    total->concealed = larger(total->concealed, report->concealed);
    if (report->path[0])
        (void)str_copy(total->path, sizeof total->path, report->path);
    if (is_worse(report, total)) {
        total->worst_ms = report->worst_ms;
        total->worst_bad_s = report->worst_bad_s;
        total->worst_fair_s = report->worst_fair_s;
    }
}

static int64_t all_seconds(const struct call_quality *q)
{
    return q->good_s + q->fair_s + q->poor_s + q->lost_s;
}

enum call_word call_quality_word(const struct call_quality *q)
{
    int64_t bad = q->poor_s + q->lost_s, all = all_seconds(q);

    if (all == 0)
        return CALL_UNKNOWN;
    if (bad * 10 >= all)
        return CALL_POOR;
    return (bad + q->fair_s) * 10 >= all ? CALL_FAIR : CALL_GOOD;
}

const char *call_word_name(enum call_word word)
{
    static const char *const NAMES[] = {
        [CALL_UNKNOWN] = "", [CALL_GOOD] = "good", [CALL_FAIR] = "fair", [CALL_POOR] = "poor"
    };

    return NAMES[word];
}

const char *call_quality_cause(const struct call_quality *q)
{
    int64_t all = all_seconds(q);

    if (call_quality_word(q) < CALL_FAIR)
        return "";
    if (q->lost_s * LOST_SHARE >= all)
        return "lost";
    if (q->loss >= LOSS_THOUSANDTHS || q->concealed >= CONCEALED_THOUSANDTHS)
        return "loss";
    if (q->rtt_ms >= DELAY_RTT_MS)
        return "delay";
    return q->frozen_ms * FROZEN_SHARE >= all * 1000 ? "frozen" : "";
}

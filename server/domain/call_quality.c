#include "domain/call_quality.h"

#include "util/str.h"

static int64_t larger(int64_t a, int64_t b)
{
    return a > b ? a : b;
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
}

const char *call_quality_word(const struct call_quality *q)
{
    int64_t bad = q->poor_s + q->lost_s, all = q->good_s + q->fair_s + bad;

    if (all == 0)
        return "";
    if (bad * 10 >= all)
        return "poor";
    return (bad + q->fair_s) * 10 >= all ? "fair" : "good";
}

/* The options: what could not be read, and what does not fit together. Their own messages name the remedy. */
#include "config/config.h"
#include "doctor/doctor_checks.h"
#include "doctor/doctor_round.h"

const struct doctor_words WORDS_OPTIONS[] = {
    { "options_ok", DOCTOR_OK, "The options fit together.", "" },
    { "option_wrong", DOCTOR_FAIL, "The option {option} is wrong: {problem}",
      "Change it in /etc/parlour/parlour.conf, type parlour config check until nothing is left, then systemctl restart "
      "parlour." },
    { 0 },
};

static void tell(struct doctor_round *r, const struct config_report *report)
{
    for (size_t i = 0; i < report->count; i++)
        doctor_found(r, "option_wrong", "option", report->items[i].option, "problem", report->items[i].text, NULL);
}

void check_options(struct doctor_round *r)
{
    struct config_report report = { .count = 0 };
    size_t before = r->report->count;

    if (r->subject->problems)
        tell(r, r->subject->problems);
    config_check(r->subject->config, &report);
    tell(r, &report);
    if (r->report->count == before)
        doctor_found(r, "options_ok", NULL);
}

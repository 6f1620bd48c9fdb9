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

static void tell(struct doctor_round *round, const struct config_report *report)
{
    for (size_t i = 0; i < report->count; i++)
        doctor_found(round, "option_wrong", "option", report->items[i].option, "problem", report->items[i].text, NULL);
}

void check_options(struct doctor_round *round)
{
    struct config_report report = { .count = 0 };
    size_t before = round->report->count;

    if (round->subject->problems)
        tell(round, round->subject->problems);
    config_check(round->subject->config, &report);
    tell(round, &report);
    if (round->report->count == before)
        doctor_found(round, "options_ok", NULL);
}

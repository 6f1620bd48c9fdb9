#include "doctor/doctor.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/check.h"
#include "util/mem.h"

static const char *filled(const char *words)
{
    static char text[200];
    struct doctor_finding f = { .blanks = { { "name", "turn.example.org" }, { "n", "3" } }, .blank_count = 2 };
    struct buf out = { .max = sizeof text - 1 };

    doctor_fill_in(&f, words, &out);
    strcpy(text, buf_text(&out));
    buf_clear(&out);
    return text;
}

static void blanks_are_filled_in_by_name(void)
{
    CHECK_STR(filled("{name} has {n} addresses."), "turn.example.org has 3 addresses.");
    CHECK_STR(filled("{n}{n}"), "33");
    CHECK_STR(filled("nothing"), "nothing");
    CHECK_STR(filled("{other} {na"), "? ?");
}

static int braces(const char *text, char brace)
{
    int n = 0;

    for (; *text; text++)
        n += *text == brace;
    return n;
}

static void every_fault_has_a_remedy_and_codes_are_unique(void)
{
    for (const struct doctor_check *c = DOCTOR_CHECKS; c->name; c++)
        for (const struct doctor_words *w = c->words; w->code; w++) {
            if (!CHECK((w->level == DOCTOR_OK) == (*w->remedy == '\0')))
                printf("  %s\n", w->code);
            CHECK_INT(braces(w->text, '{'), braces(w->text, '}'));
            CHECK_INT(braces(w->remedy, '{'), braces(w->remedy, '}'));
            for (const struct doctor_check *d = DOCTOR_CHECKS; d->name; d++)
                for (const struct doctor_words *v = d->words; v->code; v++)
                    CHECK(v == w || strcmp(v->code, w->code) != 0);
        }
}

static void a_round_that_is_to_stop_ends_at_once_and_says_what_it_did_not_reach(void)
{
    char folder[] = "/tmp/parlour-doctor-XXXXXX";
    struct config config = { .data = mkdtemp(folder) };
    const struct err none = { .kind = ERR_NOT_FOUND };
    struct doctor_subject subject = { .config = &config, .store_error = &none };
    struct doctor_report *report = mem_new(sizeof *report);
    atomic_bool stop = true;

    CHECK_INT(doctor_examine(&subject, &stop, NULL, NULL, report, NULL), ERR_OK);
    CHECK_STR(report->items[0].words->code, "no_time");
    CHECK_INT(report->level, DOCTOR_WARN);
    mem_free(report);
    rmdir(folder);
}

static const struct check_test TESTS[] = {
    TEST(blanks_are_filled_in_by_name),
    TEST(every_fault_has_a_remedy_and_codes_are_unique),
    TEST(a_round_that_is_to_stop_ends_at_once_and_says_what_it_did_not_reach),
    { 0 },
};
CHECK_MAIN(TESTS)

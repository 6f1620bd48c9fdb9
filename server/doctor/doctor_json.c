#include "doctor/doctor_json.h"

#include "util/clock.h"

#define WORDS_MAX_BYTES 4096

static json_t *filled_in(const struct doctor_finding *finding, const char *words)
{
    struct buf text = { .max = WORDS_MAX_BYTES };
    json_t *value;

    doctor_fill_in(finding, words, &text);
    value = json_string(buf_text(&text));
    buf_clear(&text);
    return value ? value : json_string("");
}

static json_t *finding_json(const struct doctor_finding *finding)
{
    json_t *blanks = json_object();

    for (size_t i = 0; i < finding->blank_count; i++)
        json_object_set_new(blanks, finding->blanks[i].name, json_string(finding->blanks[i].value));
    return json_pack("{s:s, s:s, s:s, s:o, s:o, s:o}", "check", finding->check, "status",
                     doctor_level_name(finding->words->level), "code", finding->words->code, "text",
                     filled_in(finding, finding->words->text), "remedy", filled_in(finding, finding->words->remedy),
                     "blanks", blanks);
}

json_t *doctor_json(const struct doctor_report *report)
{
    char began[CLOCK_RFC3339_SIZE], ended[CLOCK_RFC3339_SIZE];
    json_t *checks = json_array();

    clock_rfc3339(began, report->began_ms);
    clock_rfc3339(ended, report->ended_ms);
    for (size_t i = 0; i < report->count; i++)
        json_array_append_new(checks, finding_json(&report->items[i]));
    return json_pack("{s:s, s:s, s:s, s:o}", "status", doctor_level_name(report->level), "began_at", began, "ended_at",
                     ended, "checks", checks);
}

/* doctor: the findings of doctor/, one after another as they come, or as one JSON value. */
#include "cli/cmd.h"

#include "doctor/doctor.h"
#include "doctor/doctor_json.h"
#include "util/buf.h"
#include "util/mem.h"

#define WORDS_MAX_BYTES 4096

static void print_finding(void *arg, const struct doctor_finding *f)
{
    static const char *const MARKS[] = { [DOCTOR_OK] = "ok  ", [DOCTOR_WARN] = "WARN", [DOCTOR_FAIL] = "FAIL" };
    const struct command_call *c = arg;
    struct buf text = { .max = WORDS_MAX_BYTES };

    buf_printf(&text, "%s  %-11s  ", MARKS[f->words->level], f->check);
    doctor_fill_in(f, f->words->text, &text);
    if (*f->words->remedy) {
        buf_add_text(&text, "\n                   -> ");
        doctor_fill_in(f, f->words->remedy, &text);
    }
    say(c, "%s\n", buf_text(&text));
    buf_clear(&text);
}

static void print_end(const struct command_call *c, const struct doctor_report *report)
{
    if (report->level == DOCTOR_FAIL)
        tell(c,
             "\nSomething does not work. Follow the arrows from the top; the first failure often causes the others.\n");
    else if (report->level == DOCTOR_WARN)
        tell(c, "\nEverything works. The warnings can wait, but not forever.\n");
    else
        tell(c, "\nEverything works.\n");
}

enum cli_status cmd_doctor(struct command_call *c)
{
    const struct doctor_subject subject = { .config = c->config,
                                            .store = c->store,
                                            .store_error = c->store_error,
                                            .problems = c->problems,
                                            .serving = c->hub != NULL,
                                            .clock_offset_ms = c->clock_offset_ms };
    const bool json = command_wants_json(c);
    struct doctor_report *report = mem_new(sizeof *report);
    struct err e = { 0 };
    enum err_code rc = doctor_examine(&subject, NULL, json ? NULL : print_finding, c, report, &e);
    enum cli_status status = rc == ERR_OK && report->level < DOCTOR_FAIL ? CLI_DONE : CLI_FAILED;

    if (rc != ERR_OK)
        (void)command_failed(c, &e);
    else if (json)
        say_json(c, doctor_json(report));
    else
        print_end(c, report);
    mem_free(report);
    return status;
}

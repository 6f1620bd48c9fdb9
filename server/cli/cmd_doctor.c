/* doctor: the findings of doctor/, one after another as they come, or as one JSON value. */
#include "cli/cmd.h"

#include "doctor/doctor.h"
#include "doctor/doctor_json.h"
#include "util/buf.h"
#include "util/mem.h"

#define WORDS_MAX_BYTES 4096

static void print_finding(void *arg, const struct doctor_finding *finding)
{
    static const char *const MARKS[] = { [DOCTOR_OK] = "ok  ", [DOCTOR_WARN] = "WARN", [DOCTOR_FAIL] = "FAIL" };
    const struct command_call *call = arg;
    struct buf text = { .max = WORDS_MAX_BYTES };

    buf_printf(&text, "%s  %-11s  ", MARKS[finding->words->level], finding->check);
    doctor_fill_in(finding, finding->words->text, &text);
    if (*finding->words->remedy) {
        buf_add_text(&text, "\n                   -> ");
        doctor_fill_in(finding, finding->words->remedy, &text);
    }
    say(call, "%s\n", buf_text(&text));
    buf_clear(&text);
}

static void print_end(const struct command_call *call, const struct doctor_report *report)
{
    if (report->level == DOCTOR_FAIL)
        tell(call,
             "\nSomething does not work. Follow the arrows from the top; the first failure often causes the others.\n");
    else if (report->level == DOCTOR_WARN)
        tell(call, "\nEverything works. The warnings can wait, but not forever.\n");
    else
        tell(call, "\nEverything works.\n");
}

enum cli_status cmd_doctor(struct command_call *call)
{
    const struct doctor_subject subject = { .config = call->config,
                                            .store = call->store,
                                            .store_error = call->store_error,
                                            .problems = call->problems,
                                            .serving = call->hub != NULL,
                                            .clock_offset_ms = call->clock_offset_ms };
    const bool json = command_wants_json(call);
    struct doctor_report *report = mem_new(sizeof *report);
    struct err e = { 0 };
    enum err_code rc = doctor_examine(&subject, NULL, json ? NULL : print_finding, call, report, &e);
    enum cli_status status = rc == ERR_OK && report->level < DOCTOR_FAIL ? CLI_DONE : CLI_FAILED;

    if (rc != ERR_OK)
        (void)command_failed(call, &e);
    else if (json)
        say_json(call, doctor_json(report));
    else
        print_end(call, report);
    mem_free(report);
    return status;
}

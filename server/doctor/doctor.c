#include "doctor/doctor.h"

#include "doctor/doctor_checks.h"
#include "doctor/doctor_round.h"
#include "util/clock.h"

static const struct doctor_words NO_TIME = {
    "no_time", DOCTOR_WARN, "There was no time left for this check, because earlier ones waited for answers too long.",
    "Mend what failed above and run the checks again."
};

const struct doctor_check DOCTOR_CHECKS[] = {
    { "options", check_options, WORDS_OPTIONS },
    { "disk", check_disk, WORDS_DISK },
    { "write", check_write, WORDS_WRITE },
    { "database", check_database, WORDS_DATABASE },
    { "backup", check_backup, WORDS_BACKUP },
    { "secrets", check_secrets, WORDS_SECRETS },
    { "clock", check_clock, WORDS_CLOCK },
    { "ports", check_ports, WORDS_PORTS },
    { "dns", check_dns, WORDS_DNS },
    { "address", check_address, WORDS_ADDRESS },
    { "certificate", check_certificate, WORDS_CERTIFICATE },
    { "turn", check_turn, WORDS_TURN },
    { "turn_deny", check_deny, WORDS_DENY },
    { 0 },
};

static void run_row(struct doctor_round *round)
{
    struct doctor_finding *finding;

    if (!doctor_is_over(round)) {
        round->check->run(round);
        return;
    }
    finding = doctor_add(round, &NO_TIME);
    if (finding && round->hear)
        round->hear(round->arg, finding);
}

enum err_code doctor_examine(const struct doctor_subject *subject, const atomic_bool *stop, doctor_hear hear, void *arg,
                             struct doctor_report *out, struct err *e)
{
    static atomic_flag examining = ATOMIC_FLAG_INIT;
    struct doctor_round r = { .subject = subject,
                              .report = out,
                              .hear = hear,
                              .arg = arg,
                              .stop = stop,
                              .end_ms = clock_mono_ms() + DOCTOR_LIMIT_MS };

    if (atomic_flag_test_and_set(&examining))
        return err_set(e, ERR_BUSY, "busy", "the checks are running already; try again in a minute");
    out->count = 0;
    out->level = DOCTOR_OK;
    out->began_ms = clock_wall_ms();
    for (r.check = DOCTOR_CHECKS; r.check->name; r.check++)
        run_row(&r);
    out->ended_ms = clock_wall_ms();
    atomic_flag_clear(&examining);
    return ERR_OK;
}

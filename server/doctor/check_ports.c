/* The addresses that Parlour listens on: does it answer there? */
#include <stdio.h>
#include <string.h>

#include "doctor/doctor_net.h"
#include "doctor/doctor_checks.h"
#include "doctor/doctor_round.h"
#include "config/config_form.h"

#define ANSWER_MS 3000

const struct doctor_words WORDS_PORTS[] = {
    { "port_ok", DOCTOR_OK, "Parlour answers at {address}.", "" },
    { "port_stopped", DOCTOR_FAIL, "Parlour does not run: nothing answers at {address}.",
      "Type: systemctl start parlour. If it does not stay up, its last words are in: journalctl -u parlour -n 50" },
    { "port_taken", DOCTOR_FAIL, "Another program answers at {address}.",
      "Find out which one (type: ss -ltnp) and end it, or give Parlour another port: listen in "
      "/etc/parlour/parlour.conf." },
    { "port_silent", DOCTOR_FAIL, "Parlour runs, but does not answer at {address}: {why}.",
      "Its last words are in: journalctl -u parlour -n 50. Type: systemctl restart parlour" },
    { "port_busy", DOCTOR_WARN, "Parlour answers at {address}, but not with its pages yet: it is starting or stopping.",
      "Run the checks again in a minute. If this stays, look at: journalctl -u parlour -n 50" },
    { 0 },
};

static bool is_ours(const struct net_answer *answer)
{
    return strstr(answer->text, "\"keys\"") != NULL;
}

static void look(struct doctor_round *round, const char *listen)
{
    const char *silent = round->subject->serving ? "port_silent" : "port_stopped";
    struct form_address at;
    struct net_target target = { 0 };
    struct net_answer answer;
    struct err e = { 0 };

    if (!form_address(listen, &at) || at.port == 0 || !net_target_numeric(&target, doctor_nearest(at.host), at.port))
        return;
    if (net_get(&target, config_has_tls(round->subject->config) ? "localhost" : NULL, "localhost",
                "/.well-known/jwks.json", doctor_wait(round, ANSWER_MS), &answer, &e) != ERR_OK)
        doctor_found(round, strcmp(e.code, "not_http") == 0 ? "port_taken" : silent, "address", listen, "why", e.detail,
                     NULL);
    else if (answer.status == 503)
        doctor_found(round, "port_busy", "address", listen, NULL);
    else
        doctor_found(round, is_ours(&answer) ? "port_ok" : "port_taken", "address", listen, NULL);
}

void check_ports(struct doctor_round *round)
{
    for (size_t i = 0; round->subject->config->listen.items[i]; i++)
        look(round, round->subject->config->listen.items[i]);
}

/* TURN: each address of each TURN server gives a relay with our secret, carries media, and reaches nothing internal. */
#include <stdio.h>
#include <string.h>

#include "config/config_form.h"
#include "doctor/doctor_checks.h"
#include "doctor/doctor_round.h"
#include "doctor/turn_client.h"
#include "util/buf.h"
#include "util/clock.h"
#include "util/str.h"

#define ANSWER_MS 4000
#define RELAY_MS 2000
#define CERTIFICATE_DAYS 14

#define NEW_FILE                                                                                                       \
    "Type here: parlour config coturn (with --cert and --pkey, when there is a turns: address). Put what it prints "   \
    "into "                                                                                                            \
    "/etc/turnserver.conf of the TURN machine, and type there: systemctl restart coturn"

const struct doctor_words WORDS_TURN[] = {
    { "turn_ok", DOCTOR_OK, "{url} relays at {address}.", "" },
    { "turn_none", DOCTOR_WARN,
      "There is no TURN server: people behind strict networks (offices, mobile data, hospitals) get no picture.",
      "Install coturn on a machine with a public address; deploy/README.md, step 5, says how, and the option turn-url "
      "names it." },
    { "turn_no_secret", DOCTOR_FAIL, "TURN servers are named, but there is no secret shared with them.",
      "Type: (umask 077; openssl rand -hex 32 > /etc/parlour/turn-secret), set turn-secret-file to that file, and give "
      "coturn the same one "
      "(parlour config coturn prints its file)." },
    { "turn_no_name", DOCTOR_FAIL, "The name in {url} cannot be found: {why}.",
      "Check the spelling of turn-url in /etc/parlour/parlour.conf, and the entry of the name at your domain's "
      "provider (A and AAAA)." },
    { "turn_refused", DOCTOR_FAIL, "No TURN server runs at {address} ({url}).",
      "Type on the TURN machine: systemctl restart coturn; systemctl status coturn. On Debian coturn only starts when "
      "/etc/default/coturn has "
      "TURNSERVER_ENABLED=1." },
    { "turn_silent", DOCTOR_FAIL, "The TURN server does not answer at {address} ({url}).",
      "Open the port at the firewalls of the TURN machine and of its provider: {port} {transport}. Then look whether "
      "coturn runs: systemctl status "
      "coturn" },
    { "turn_not_turn", DOCTOR_FAIL, "Another program than a TURN server answers at {address} ({url}): {why}.",
      "Check the port in turn-url, and on the TURN machine what uses it (type: ss -ltnup)." },
    { "turn_wrong_secret", DOCTOR_FAIL, "The TURN server at {address} does not accept our secret ({url}).",
      "Parlour and coturn have different secrets. " NEW_FILE },
    { "turn_full", DOCTOR_FAIL, "The TURN server at {address} has no relay left ({url}): error {error}.",
      "Its quota is used up: restart coturn (systemctl restart coturn). If this comes back, raise total-quota in "
      "/etc/turnserver.conf." },
    { "turn_error", DOCTOR_FAIL, "The TURN server at {address} gives no relay ({url}): error {error}.",
      "Its configuration is not the one that Parlour needs. " NEW_FILE },
    { "turn_private", DOCTOR_FAIL,
      "{url} relays at {relay}, an address that it denies itself: two people who both need the relay get no picture.",
      "The TURN machine has only a private address. Print its file again with the public one: parlour config coturn "
      "--external-ip ADDRESS" },
    { "turn_no_media", DOCTOR_FAIL, "{url} gives a relay at {address}, but nothing comes through it.",
      "Open the relay ports at the firewalls of the TURN machine and of its provider: 49152-65535 udp." },
    { "turn_certificate", DOCTOR_FAIL, "Browsers refuse the certificate of {url} at {address}: {why}.",
      "Get a certificate for this name (type on the TURN machine: certbot certonly --standalone -d NAME), name it in "
      "/etc/turnserver.conf (cert=, "
      "pkey=) and restart coturn." },
    { "turn_certificate_ends", DOCTOR_WARN, "The certificate of {url} ends in {days} days.",
      "Renew it. Type on the TURN machine: certbot renew; systemctl restart coturn" },
    { 0 },
};

const struct doctor_words WORDS_DENY[] = {
    { "deny_ok", DOCTOR_OK, "{host} relays to no internal address ({count} tried).", "" },
    { "deny_open", DOCTOR_FAIL,
      "{host} relays to internal addresses, so that strangers could reach other machines of your network: {open}.",
      "Its list of denied addresses is missing. " NEW_FILE },
    { 0 },
};

/* One TURN address under examination. */
struct spot {
    struct doctor_round *round;
    const char *url;
    struct form_turn turn;
    enum net_kind kind;
    struct net_target target;
};

static const char *transport(enum net_kind kind)
{
    return kind == NET_UDP ? "udp" : "tcp";
}

static const char *verdict_words(const struct tls_seen *seen)
{
    switch (seen->verdict) {
    case TLS_TRUSTED: return "";
    case TLS_EXPIRED: return "it has expired";
    case TLS_EARLY: return "it is not valid yet, or the clock here is wrong";
    case TLS_SELF_SIGNED: return "it is signed by nobody whom browsers know";
    case TLS_INCOMPLETE: return "the certificates between it and the authority are missing (use fullchain.pem)";
    case TLS_OTHER_NAME: return "it is for another name";
    case TLS_NO_LIST: return ""; /* our own lack */
    case TLS_UNTRUSTED: return seen->reason;
    }
    return "";
}

static void tell_failure(const struct spot *spot, int code, const struct err *e)
{
    const char *found = "turn_not_turn";
    char port[8];

    snprintf(port, sizeof port, "%d", spot->turn.port);
    if (code == 401)
        found = "turn_wrong_secret";
    else if (code == 486 || code == 508)
        found = "turn_full";
    else if (code != 0)
        found = "turn_error";
    else if (strcmp(e->code, "refused") == 0)
        found = "turn_refused";
    else if (strcmp(e->code, "timeout") == 0 || strcmp(e->code, "unreachable") == 0)
        found = "turn_silent";
    if (code != 0)
        doctor_found(spot->round, found, "url", spot->url, "address", spot->target.text, "error",
                     doctor_number(code).text, NULL);
    else if (strcmp(found, "turn_silent") == 0)
        doctor_found(spot->round, found, "url", spot->url, "address", spot->target.text, "port", port, "transport",
                     transport(spot->kind), NULL);
    else
        doctor_found(spot->round, found, "url", spot->url, "address", spot->target.text, "why", e->detail, NULL);
}

/* False, and told, when there is no allocation. *client is closed then. */
static bool allocate(const struct spot *spot, struct turn_client *client)
{
    const struct config *config = spot->round->subject->config;
    const struct net_wait wait = doctor_wait(spot->round, ANSWER_MS);
    struct err e = { 0 };
    int code = 0;
    enum err_code rc = turn_open(client, &spot->target, spot->kind, spot->turn.host, config->turn_secrets.items[0],
                                 clock_wall_ms(), wait, &e);

    if (rc == ERR_OK)
        rc = turn_allocate(client, false, wait, &code, &e);
    if (rc == ERR_OK)
        return true;
    tell_failure(spot, code, &e);
    turn_close(client);
    return false;
}

static void tell_relay(const struct spot *spot, struct turn_client *a, struct turn_client *b)
{
    const struct net_wait wait = doctor_wait(spot->round, ANSWER_MS);
    struct err e = { 0 };
    char relay[64];
    int code = 0;
    enum err_code rc = turn_permit(a, &b->relayed, wait, &code, &e);

    if (rc == ERR_OK)
        rc = turn_permit(b, &a->relayed, wait, &code, &e);
    stun_address_text(&b->relayed, relay);
    if (code == 403)
        doctor_found(spot->round, "turn_private", "url", spot->url, "relay", relay, NULL);
    else if (rc != ERR_OK)
        tell_failure(spot, code, &e);
    else if (turn_relays(a, b, doctor_wait(spot->round, RELAY_MS), &e) != ERR_OK)
        doctor_found(spot->round, "turn_no_media", "url", spot->url, "address", spot->target.text, NULL);
    else
        doctor_found(spot->round, "turn_ok", "url", spot->url, "address", spot->target.text, NULL);
}

static void tell_certificate(const struct spot *spot, const struct tls_seen *seen)
{
    const char *why = verdict_words(seen);

    if (*why)
        doctor_found(spot->round, "turn_certificate", "url", spot->url, "address", spot->target.text, "why", why, NULL);
    else if (seen->days_left < CERTIFICATE_DAYS)
        doctor_found(spot->round, "turn_certificate_ends", "url", spot->url, "days",
                     doctor_number(seen->days_left).text, NULL);
}

/* Two clients at the same address, and what one sends reaches the other. */
static void examine(const struct spot *spot)
{
    struct turn_client a, b;

    if (!allocate(spot, &a))
        return;
    if (net_seen(a.link))
        tell_certificate(spot, net_seen(a.link));
    if (allocate(spot, &b)) {
        tell_relay(spot, &a, &b);
        turn_close(&b);
    }
    turn_close(&a);
}

/* Calls `each` for every address of every TURN URL. */
static void for_each_spot(struct doctor_round *round, void (*each)(const struct spot *spot),
                          void (*no_name)(const struct spot *spot, const char *why))
{
    const struct config *config = round->subject->config;

    for (size_t i = 0; config->turn_urls.items[i] && !doctor_is_over(round); i++) {
        struct spot s = { .round = round, .url = config->turn_urls.items[i] };
        struct net_target targets[NET_TARGETS_MAX];
        struct err e = { 0 };
        size_t count = 0;

        if (!form_turn(s.url, &s.turn))
            continue;
        s.kind = s.turn.tls ? NET_TLS : strcmp(s.turn.transport, "tcp") == 0 ? NET_TCP : NET_UDP;
        if (net_resolve(s.turn.host, s.turn.port, doctor_wait(round, ANSWER_MS), targets, &count, &e) != ERR_OK)
            no_name(&s, e.detail);
        for (size_t n = 0; n < count && !doctor_is_over(round); n++) {
            s.target = targets[n];
            each(&s);
        }
    }
}

static void tell_no_name(const struct spot *spot, const char *why)
{
    doctor_found(spot->round, "turn_no_name", "url", spot->url, "why", why, NULL);
}

void check_turn(struct doctor_round *round)
{
    const struct config *config = round->subject->config;

    if (!config->turn_urls.items[0])
        doctor_found(round, "turn_none", NULL);
    else if (!config->turn_secrets.items[0])
        doctor_found(round, "turn_no_secret", NULL);
    else
        for_each_spot(round, examine, tell_no_name);
}

/* ---- the deny list ---- */

/* Only permissions are asked for: nothing is sent to any of these. */
static const char *const INTERNAL[] = {
    "127.0.0.1",        "127.1.2.3",
    "0.0.0.0",          "10.0.0.1",
    "10.255.255.254",   "100.64.0.1",
    "169.254.169.254",  "172.16.0.1",
    "172.31.255.254",   "192.168.0.1",
    "192.168.1.1",      "198.18.0.1",
    "240.0.0.1",        "::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1",
    "::ffff:10.0.1.0",  "::ffff:169.254.169.254",
    "::127.0.0.1",      "64:ff9b::7f00:1",
    "2002:7f00:1::1",   "fc00::1",
    "fd00::1",          "fe80::1",
};

struct probed {
    int count;
    struct buf open; /* addresses that were permitted */
};

static void probe(struct turn_client *client, const char *text, struct net_wait wait, struct probed *probed)
{
    struct stun_address peer;
    struct err e;
    int code;

    if (!stun_address_parse(&peer, text) || peer.size != client->relayed.size ||
        stun_address_equal(&peer, &client->relayed))
        return; /* its own address must stay open: two people may meet there */
    peer.port = 9;
    if (turn_permit(client, &peer, wait, &code, &e) == ERR_OK)
        buf_printf(&probed->open, "%s%s", probed->open.len ? ", " : "", text);
    probed->count += code == 0 || code == 403;
}

static void probe_all(const struct spot *spot, bool ipv6, struct probed *probed)
{
    const struct net_wait wait = doctor_wait(spot->round, ANSWER_MS);
    struct turn_client c;
    char own[NET_TEXT_SIZE];
    struct err e;
    int code;

    if (turn_open(&c, &spot->target, spot->kind, spot->turn.host, spot->round->subject->config->turn_secrets.items[0],
                  clock_wall_ms(), wait, &e) == ERR_OK &&
        turn_allocate(&c, ipv6, wait, &code, &e) == ERR_OK) {
        for (size_t i = 0; i < sizeof INTERNAL / sizeof *INTERNAL && !doctor_is_over(spot->round); i++)
            probe(&c, INTERNAL[i], doctor_wait(spot->round, ANSWER_MS), probed);
        (void)net_is_here(&spot->target, own);
        if (net_is_private(own)) /* the machine that runs Parlour */
            probe(&c, own, doctor_wait(spot->round, ANSWER_MS), probed);
    }
    turn_close(&c);
}

static void examine_deny(const struct spot *spot)
{
    struct probed p = { .open = { .max = DOCTOR_VALUE_SIZE - 1 } };

    probe_all(spot, false, &p);
    probe_all(spot, true, &p); /* refused where the server has no IPv6 */
    if (p.open.len > 0)
        doctor_found(spot->round, "deny_open", "host", spot->target.text, "open", buf_text(&p.open), NULL);
    else if (p.count > 0)
        doctor_found(spot->round, "deny_ok", "host", spot->target.text, "count", doctor_number(p.count).text, NULL);
    buf_clear(&p.open);
}

static void say_nothing(const struct spot *spot, const char *why)
{
    (void)spot;
    (void)why; /* the row above has said it */
}

/* Once for each address. */
static void examine_deny_once(const struct spot *spot)
{
    const struct doctor_report *report = spot->round->report;

    for (size_t i = 0; i < report->count; i++)
        if (strcmp(report->items[i].check, spot->round->check->name) == 0 &&
            strcmp(report->items[i].blanks[0].value, spot->target.text) == 0)
            return;
    examine_deny(spot);
}

void check_deny(struct doctor_round *round)
{
    if (round->subject->config->turn_secrets.items[0])
        for_each_spot(round, examine_deny_once, say_nothing);
}

/* The public URL as seen from outside: its name, its certificate, and whether it leads here. Each address of the name is tried, because
 * browsers take any of them. */
#include <stdio.h>
#include <string.h>

#include "config/config_form.h"
#include "doctor/doctor_checks.h"
#include "doctor/doctor_round.h"
#include "util/buf.h"
#include "util/str.h"

#define ANSWER_MS 5000
#define KEYS_PATH "/.well-known/jwks.json"
#define DAYS_WARN 14

#define MORE_HERE "deploy/README.md, step 3, has an example."
#define AT_THE_PROVIDER "Change it where you have the domain from (its DNS settings): "

const struct doctor_words WORDS_DNS[] = {
    { "dns_ok", DOCTOR_OK, "{name} leads to this machine: {addresses}.", "" },
    { "dns_through", DOCTOR_OK,
      "{name} leads to {address}. This machine is {own}: a router or a proxy in front of it passes visits on.", "" },
    { "dns_elsewhere", DOCTOR_WARN, "{name} leads to {address}, and this machine is {own}.",
      AT_THE_PROVIDER "the entries A and AAAA of the name must hold the addresses of this machine. If a proxy on "
                      "another machine passes "
                      "visits on to this one, all is well." },
    { "dns_no_way", DOCTOR_WARN,
      "{name} leads to {address}, and this machine has no address of that kind or no way to it.",
      AT_THE_PROVIDER "if this machine has no IPv6, the name must have no entry AAAA." },
    { "dns_local", DOCTOR_WARN, "The public address is {url}: links work on this machine and on no phone.",
      "Take a name of your own, let it lead to this machine, and write it, with https:// before it, as public-url into "
      "/etc/parlour/parlour.conf." },
    { "dns_unknown", DOCTOR_FAIL, "The name {name} cannot be found: {why}.",
      AT_THE_PROVIDER
      "add an entry A with the public IPv4 address of this machine. It takes up to an hour to be seen everywhere." },
    { "dns_silent", DOCTOR_WARN, "The name service of this machine does not answer, so {name} could not be looked up.",
      "Look at /etc/resolv.conf and at the network of this machine. Type: getent hosts {name}" },
    { 0 },
};

const struct doctor_words WORDS_ADDRESS[] = {
    { "address_ok", DOCTOR_OK, "{url} leads here.", "" },
    { "address_unproven", DOCTOR_WARN,
      "{url} answers at {address}, but Parlour does not run here, so it could not be compared.",
      "Start Parlour (type: systemctl start parlour) and run the checks again." },
    { "address_other", DOCTOR_FAIL, "{url} leads to another machine or program at {address}.",
      AT_THE_PROVIDER
      "the entries A and AAAA of the name must hold the addresses of this machine and no others. Behind a router, its "
      "port "
      "forwarding must lead here. If it is this machine, its proxy passes requests to something else; " MORE_HERE },
    { "address_refused", DOCTOR_FAIL, "Nothing accepts connections for {url} at {address}.",
      "Start the proxy (type: systemctl restart caddy, or nginx, or haproxy). If this address is not this machine's, "
      "remove it from the DNS entries "
      "of the name." },
    { "address_silent", DOCTOR_WARN, "No answer for {url} at {address} from here: {why}.",
      "Open ports 80 and 443 (tcp) at the firewalls of this machine and of its provider. Some routers do not let a "
      "machine reach itself by its "
      "public address: then try {url} with a phone that is not in your Wi-Fi; if it opens, all is well." },
    { "address_broken", DOCTOR_FAIL, "{url} is reached at {address}, but gives no page: {why}.",
      "The proxy does not reach Parlour: its address for Parlour must be the one in the option listen. " MORE_HERE },
    { 0 },
};

const struct doctor_words WORDS_CERTIFICATE[] = {
    { "certificate_ok", DOCTOR_OK, "The certificate of {name} ({issuer}) is good for {days} more days.", "" },
    { "certificate_ends", DOCTOR_WARN,
      "The certificate of {name} ends in {days} days, and should have been renewed by now.",
      "Renew it. Type: certbot renew (or restart Caddy, which does it by itself), and look at what it says." },
    { "certificate_expired", DOCTOR_FAIL, "The certificate of {name} has expired, at {address}. Browsers open no page.",
      "Renew it. Type: certbot renew; systemctl reload nginx (or restart Caddy, which does it by itself)." },
    { "certificate_early", DOCTOR_FAIL,
      "The certificate of {name} is not valid yet, at {address}: most likely the clock of this machine is wrong.",
      "Type: timedatectl. If the time is wrong: timedatectl set-ntp true" },
    { "certificate_self_signed", DOCTOR_FAIL,
      "The certificate of {name} is signed by nobody whom browsers know, at {address}.",
      "Get one from Let's Encrypt, which costs nothing. Type: apt install certbot; certbot certonly --standalone -d "
      "{name}; and name it in the "
      "proxy's file. " MORE_HERE },
    { "certificate_incomplete", DOCTOR_FAIL,
      "The certificate of {name} comes without those that lead to its authority, at {address}: phones refuse it.",
      "Name fullchain.pem in the file of the proxy, not cert.pem, and restart it." },
    { "certificate_other_name", DOCTOR_FAIL, "The certificate at {address} is for {names}, not for {name}.",
      "Get one for this name. Type: certbot certonly --standalone -d {name}; and name it in the proxy's "
      "file. " MORE_HERE },
    { "certificate_refused", DOCTOR_FAIL, "Browsers refuse the certificate of {name} at {address}: {why}.",
      "Get a new one. Type: certbot certonly --standalone -d {name}; and name it in the proxy's file. " MORE_HERE },
    { "certificate_unproven", DOCTOR_WARN,
      "This machine has no list of authorities, so the certificate of {name} could not be judged.",
      "Type: apt install ca-certificates" },
    { 0 },
};

struct visited {
    struct net_answer answer;
    enum err_code rc;
    struct err e;
};

/* The public URL at one of its addresses. */
static void visit(struct doctor_round *round, const struct form_url *url, const struct net_target *target,
                  struct visited *visited)
{
    char host[FORM_HOST_SIZE + 8], name[FORM_HOST_SIZE];
    size_t len = strlen(url->host);

    if (*url->host == '[') /* an IPv6 address: certificates name it without brackets */
        str_copy_n(name, sizeof name, url->host + 1, len - 2);
    else
        str_copy(name, sizeof name, url->host);
    snprintf(host, sizeof host, url->port == (url->https ? 443 : 80) ? "%s" : "%s:%d", url->host, url->port);
    memset(visited, 0, sizeof *visited);
    visited->rc = net_get(target, url->https ? name : NULL, host, KEYS_PATH, doctor_wait(round, ANSWER_MS),
                          &visited->answer, &visited->e);
}

/* The first key of ours, as the server here tells it; "" when none answers. */
static void own_key(struct doctor_round *round, char key[200])
{
    const struct config *config = round->subject->config;
    struct form_address at;
    struct net_target t;
    struct net_answer answer;
    const char *x;

    *key = '\0';
    for (size_t i = 0; config->listen.items[i] && !*key; i++) {
        if (!form_address(config->listen.items[i], &at) || !net_target_numeric(&t, doctor_nearest(at.host), at.port) ||
            net_get(&t, config_has_tls(config) ? "localhost" : NULL, "localhost", KEYS_PATH,
                    doctor_wait(round, ANSWER_MS), &answer, NULL) != ERR_OK)
            continue;
        x = strstr(answer.text, "\"x\":\"");
        if (x)
            str_copy_n(key, 200, x, strcspn(x + 5, "\"") + 5);
    }
}

/* Resolves the public name once a row; false when there is nothing to look at. */
static bool find(struct doctor_round *round, struct form_url *url, struct net_target targets[NET_TARGETS_MAX],
                 size_t *count, struct err *e)
{
    const struct config *config = round->subject->config;

    *count = 0;
    return config->public_url && form_url(config->public_url, url) && url->port != 0 &&
           net_resolve(url->host, url->port, doctor_wait(round, ANSWER_MS), targets, count, e) == ERR_OK;
}

/* What is said of an address of the public name that is not one of this machine; NULL: it is. */
static const char *where(const struct net_target *target, char own[NET_TEXT_SIZE])
{
    if (net_is_here(target, own))
        return NULL;
    if (!*own)
        return "dns_no_way";
    return net_is_private(own) ? "dns_through" : "dns_elsewhere";
}

/* Whether visits arrive by way of an address of another machine, the row below finds out. */
static void compare_with_own(struct doctor_round *round, const char *name, const struct net_target *targets,
                             size_t count)
{
    struct buf list = { .max = DOCTOR_VALUE_SIZE - 1 };
    char own[NET_TEXT_SIZE];

    for (size_t i = 0; i < count; i++) {
        const char *code = where(&targets[i], own);

        if (code)
            doctor_found(round, code, "name", name, "address", targets[i].text, "own", own, NULL);
        else
            buf_printf(&list, "%s%s", list.len ? ", " : "", targets[i].text);
    }
    if (list.len > 0)
        doctor_found(round, "dns_ok", "name", name, "addresses", buf_text(&list), NULL);
    buf_clear(&list);
}

void check_dns(struct doctor_round *round)
{
    struct net_target targets[NET_TARGETS_MAX];
    struct form_url url = { .host = "" };
    struct err e = { 0 };
    size_t count;

    if (!find(round, &url, targets, &count, &e)) {
        if (*e.code)
            doctor_found(round, strcmp(e.code, "no_name") == 0 ? "dns_unknown" : "dns_silent", "name", url.host, "why",
                         e.detail, NULL);
        return;
    }
    if (url.loopback)
        doctor_found(round, "dns_local", "url", round->subject->config->public_url, NULL);
    else
        compare_with_own(round, url.host, targets, count);
}

static const char *failure_of(const struct visited *visited)
{
    if (strcmp(visited->e.code, "refused") == 0)
        return "address_refused";
    return visited->answer.connected || strcmp(visited->e.code, "tls") == 0 || strcmp(visited->e.code, "ended") == 0
               ? "address_broken"
               : "address_silent";
}

/* True when the address leads here, or nothing can be said. */
static bool leads_here(struct doctor_round *round, const struct visited *visited, const char *key, const char *address)
{
    const char *url = round->subject->config->public_url;
    char status[40];

    snprintf(status, sizeof status, "HTTP %d", visited->answer.status);
    if (visited->rc != ERR_OK)
        doctor_found(round, failure_of(visited), "url", url, "address", address, "why", visited->e.detail, NULL);
    else if (visited->answer.status >= 500)
        doctor_found(round, "address_broken", "url", url, "address", address, "why", status, NULL);
    else if (!*key)
        doctor_found(round, "address_unproven", "url", url, "address", address, NULL);
    else if (!strstr(visited->answer.text, key))
        doctor_found(round, "address_other", "url", url, "address", address, NULL);
    else
        return true;
    return false;
}

void check_address(struct doctor_round *round)
{
    struct net_target targets[NET_TARGETS_MAX];
    struct form_url url;
    struct visited v;
    char key[200];
    size_t count;
    bool fine = true;

    if (!find(round, &url, targets, &count, NULL) || strcmp(url.host, "localhost") == 0)
        return; /* the row above has said why; localhost may be two addresses, and one is enough */
    own_key(round, key);
    for (size_t i = 0; i < count && !doctor_is_over(round); i++) {
        visit(round, &url, &targets[i], &v);
        fine = leads_here(round, &v, key, targets[i].text) && fine;
    }
    if (fine && count > 0)
        doctor_found(round, "address_ok", "url", round->subject->config->public_url, NULL);
}

static const char *fault_of(const struct tls_seen *seen)
{
    switch (seen->verdict) {
    case TLS_TRUSTED: return seen->days_left < DAYS_WARN ? "certificate_ends" : "certificate_ok";
    case TLS_EXPIRED: return "certificate_expired";
    case TLS_EARLY: return "certificate_early";
    case TLS_SELF_SIGNED: return "certificate_self_signed";
    case TLS_INCOMPLETE: return "certificate_incomplete";
    case TLS_OTHER_NAME: return "certificate_other_name";
    case TLS_NO_LIST: return "certificate_unproven";
    case TLS_UNTRUSTED: return "certificate_refused";
    }
    return "certificate_refused";
}

static void judge(struct doctor_round *round, const char *name, const char *address, const struct tls_seen *seen)
{
    const char *fault = fault_of(seen);

    if (seen->verdict == TLS_TRUSTED)
        doctor_found(round, fault, "name", name, "issuer", seen->issuer, "days", doctor_number(seen->days_left).text,
                     NULL);
    else
        doctor_found(round, fault, "name", name, "address", address, "names", seen->names, "why", seen->reason, NULL);
}

void check_certificate(struct doctor_round *round)
{
    struct net_target targets[NET_TARGETS_MAX];
    struct form_url url;
    struct visited v;
    size_t count;

    if (!find(round, &url, targets, &count, NULL) || !url.https)
        return;
    for (size_t i = 0; i < count && !doctor_is_over(round); i++) {
        visit(round, &url, &targets[i], &v);
        if (v.answer.connected) /* otherwise the row above has said it */
            judge(round, url.host, targets[i].text, &v.answer.seen);
    }
}

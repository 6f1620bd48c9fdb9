/* The rules between options. Every message names its remedy; nothing is changed. */
#include "config/config.h"

#include <sys/stat.h>

#include "config/config_form.h"

#define PROBLEM(option, ...) config_problem_add(report, option, __VA_ARGS__)

static void check_listen(const struct config *c, const struct form_url *url, struct config_report *report)
{
    struct form_address a;

    if (!c->listen.items[0])
        PROBLEM("listen", "There is no address to listen on. Set listen = 127.0.0.1:8080.");
    for (size_t i = 0; c->listen.items[i]; i++)
        if (form_address(c->listen.items[i], &a) && !a.loopback && !url->https)
            PROBLEM("listen",
                    "%s can be reached from other machines, but %s is not https: browsers give no camera there, and "
                    "sign-ins would be readable on the way. Put a proxy with a certificate in front and set public-url "
                    "to its "
                    "https address, or give the certificate to Parlour (tls-cert, tls-key), or listen on 127.0.0.1.",
                    c->listen.items[i], c->public_url);
}

static void check_public_url(const struct config *c, const struct form_url *url, struct config_report *report)
{
    if (!url->https && !url->loopback)
        PROBLEM("public-url",
                "%s: browsers give no camera to a plain http page of another machine. Use an https address, or "
                "http://localhost "
                "to try it on this machine.",
                c->public_url);
}

static void check_tls(const struct config *c, const struct form_url *url, struct config_report *report)
{
    if (c->tls_cert && !c->tls_key)
        PROBLEM("tls-key", "tls-cert is set, but not its key. Set tls-key to the privkey.pem beside it.");
    if (c->tls_key && !c->tls_cert)
        PROBLEM("tls-cert", "tls-key is set, but not its certificate. Set tls-cert to the fullchain.pem beside it.");
    if (c->tls_cert && config_is_self_signed(c))
        PROBLEM("tls", "There is a certificate (tls-cert), so none is made here. Leave tls = self-signed out.");
    if (config_has_tls(c) && !url->https)
        PROBLEM("public-url",
                "listen speaks TLS, so the address that people open begins with https: %s does not. Set public-url to "
                "https:// and the name in the certificate.",
                c->public_url);
    if (c->redirect_listen && !config_has_tls(c))
        PROBLEM("redirect-listen",
                "There is nothing to send people to without TLS (tls-cert). With a proxy in front, the proxy "
                "redirects; leave this option out.");
}

static void check_turn(const struct config *c, struct config_report *report)
{
    if (c->turn_urls.items[0] && !c->turn_secrets.items[0])
        PROBLEM(
            "turn-url",
            "TURN servers are named, but no secret shared with them. Put one into a file (`openssl rand -hex 32 > "
            "FILE; "
            "chmod 600 FILE`) and set turn-secret-file, or set PARLOUR_TURN_SECRET; `parlour config coturn` prints the "
            "other side.");
}

static void check_metrics(const struct config *c, struct config_report *report)
{
    struct form_address a;

    if (c->metrics_listen && form_address(c->metrics_listen, &a) && !a.loopback)
        PROBLEM("metrics-listen",
                "%s can be reached from other machines, and /metrics asks nobody who they are. Use a loopback address.",
                c->metrics_listen);
}

static void check_web_dir(const struct config *c, struct config_report *report)
{
    struct stat st;

    if (c->web_dir && (stat(c->web_dir, &st) != 0 || !S_ISDIR(st.st_mode)))
        PROBLEM("web-dir", "%.200s is not a folder. Build it: `node web/build.mjs --out DIR`.", c->web_dir);
}

void config_check(const struct config *c, struct config_report *report)
{
    struct form_url url;

    if (c->public_url && form_url(c->public_url, &url)) {
        check_public_url(c, &url, report);
        check_listen(c, &url, report);
        check_tls(c, &url, report);
    }
    check_turn(c, report);
    check_metrics(c, report);
    check_web_dir(c, report);
}

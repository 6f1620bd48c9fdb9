/* The rules between options. Every message names its remedy; nothing is changed. */
#include "config/config.h"

#include <sys/stat.h>

#include "config/config_form.h"

#define PROBLEM(option, ...) config_problem_add(report, option, __VA_ARGS__)

static void check_listen(const struct config *config, const struct form_url *url, struct config_report *report)
{
    struct form_address a;

    if (!config->listen.items[0])
        PROBLEM("listen", "There is no address to listen on. Set listen = 127.0.0.1:8080.");
    for (size_t i = 0; config->listen.items[i]; i++)
        if (form_address(config->listen.items[i], &a) && !a.loopback && !url->https)
            PROBLEM("listen",
                    "%s can be reached from other machines, but %s is not https: browsers give no camera there, and "
                    "sign-ins would be readable on the way. Put a proxy with a certificate in front and set public-url "
                    "to its "
                    "https address, or give the certificate to Parlour (tls-cert, tls-key), or listen on 127.0.0.1.",
                    config->listen.items[i], config->public_url);
}

static void check_public_url(const struct config *config, const struct form_url *url, struct config_report *report)
{
    if (!url->https && !url->loopback)
        PROBLEM("public-url",
                "%s: browsers give no camera to a plain http page of another machine. Use an https address, or "
                "http://localhost "
                "to try it on this machine.",
                config->public_url);
}

static void check_tls(const struct config *config, const struct form_url *url, struct config_report *report)
{
    if (config->tls_cert && !config->tls_key)
        PROBLEM("tls-key", "tls-cert is set, but not its key. Set tls-key to the privkey.pem beside it.");
    if (config->tls_key && !config->tls_cert)
        PROBLEM("tls-cert", "tls-key is set, but not its certificate. Set tls-cert to the fullchain.pem beside it.");
    if (config->tls_cert && config_is_self_signed(config))
        PROBLEM("tls", "There is a certificate (tls-cert), so none is made here. Leave tls = self-signed out.");
    if (config_has_tls(config) && !url->https)
        PROBLEM("public-url",
                "listen speaks TLS, so the address that people open begins with https: %s does not. Set public-url to "
                "https:// and the name in the certificate.",
                config->public_url);
    if (config->redirect_listen && !config_has_tls(config))
        PROBLEM("redirect-listen",
                "There is nothing to send people to without TLS (tls-cert). With a proxy in front, the proxy "
                "redirects; leave this option out.");
}

static void check_turn(const struct config *config, struct config_report *report)
{
    if (config->turn_urls.items[0] && !config->turn_secrets.items[0])
        PROBLEM(
            "turn-url",
            "TURN servers are named, but no secret shared with them. Put one into a file (`openssl rand -hex 32 > "
            "FILE; "
            "chmod 600 FILE`) and set turn-secret-file, or set PARLOUR_TURN_SECRET; `parlour config coturn` prints the "
            "other side.");
}

static void check_metrics(const struct config *config, struct config_report *report)
{
    struct form_address a;

    if (config->metrics_listen && form_address(config->metrics_listen, &a) && !a.loopback)
        PROBLEM("metrics-listen",
                "%s can be reached from other machines, and /metrics asks nobody who they are. Use a loopback address.",
                config->metrics_listen);
}

static void check_web_dir(const struct config *config, struct config_report *report)
{
    struct stat st;

    if (config->web_dir && (stat(config->web_dir, &st) != 0 || !S_ISDIR(st.st_mode)))
        PROBLEM("web-dir", "%.200s is not a folder. Build it: `node web/build.mjs --out DIR`.", config->web_dir);
}

void config_check(const struct config *config, struct config_report *report)
{
    struct form_url url;

    if (config->public_url && form_url(config->public_url, &url)) {
        check_public_url(config, &url, report);
        check_listen(config, &url, report);
        check_tls(config, &url, report);
    }
    check_turn(config, report);
    check_metrics(config, report);
    check_web_dir(config, report);
}

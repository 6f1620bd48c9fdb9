#include "app/app_tls.h"

#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "app/process.h"
#include "app/qr.h"
#include "config/config_form.h"
#include "observe/log.h"
#include "tls/tls_own.h"
#include "util/clock.h"
#include "util/file.h"
#include "util/str.h"

#define GREETING_MS 10000
#define GREETINGS_MAX 2048
#define GREETINGS_PER_ADDRESS 256 /* a clinic is one address, and all of it comes back after an outage */
#define THREADS_MAX 4
#define OWN_LOOK_MS (3600 * 1000)
#define CODE_MAX_BYTES (64 * 1024)

static void on_connection(void *ctx, size_t listener, int fd, const struct sockaddr *from, socklen_t len)
{
    http_take(((struct app *)ctx)->http, listener, fd, from, len);
}

static void on_http(void *ctx, size_t listener, int fd, const struct sockaddr *from, socklen_t len)
{
    (void)listener;
    http_take_plain(((struct app *)ctx)->http, fd, from, len);
}

static int threads(void)
{
    int cores = process_cores();

    return cores < THREADS_MAX ? cores : THREADS_MAX;
}

/* ---- a certificate of our own ---- */

static enum err_code keep_own(struct app *a, struct err *e)
{
    char folder[PATH_MAX];
    enum err_code rc;
    bool made = false;

    if ((size_t)snprintf(folder, sizeof folder, "%s/tls", a->config->data) >= sizeof folder ||
        (size_t)snprintf(a->own_certificate, sizeof a->own_certificate, "%s/self-signed.pem", folder) >=
            sizeof a->own_certificate)
        return err_set(e, ERR_INVALID, "too_long", "the name of the data folder is too long");
    rc = file_make_folder(folder, e);
    if (rc == ERR_OK)
        rc = tls_own_keep(a->own_certificate, a->public_parts.host, clock_wall_ms() / 1000, &made, e);
    if (made)
        log_event(LOG_INFO, "tls.made", "host=%s", a->public_parts.host);
    a->own_looked_ms = clock_mono_ms();
    return rc;
}

void app_tls_keep_own(struct app *a)
{
    struct err e = { 0 };

    if (config_is_self_signed(a->config) && clock_mono_ms() - a->own_looked_ms > OWN_LOOK_MS &&
        keep_own(a, &e) != ERR_OK)
        log_event(LOG_WARN, "tls.not_made", "code=%s why=\"%s\"", e.code, e.detail);
}

void app_tls_tell(const struct app *a)
{
    char fingerprint[TLS_FINGERPRINT_SIZE];
    struct buf code = { .max = CODE_MAX_BYTES };

    if (!config_is_self_signed(a->config))
        return;
    tls_fingerprint(a->tls, fingerprint);
    printf("On a phone in the same network, open %s\n", a->config->public_url);
    if (qr_draw(a->config->public_url, isatty(STDOUT_FILENO) == 1, &code))
        fputs(buf_text(&code), stdout);
    printf("Its browser warns: nobody else vouches for this certificate. It is ours if this is its SHA-256 "
           "fingerprint:\n  %s\n"
           "For real visits get a certificate that browsers trust (tls-cert), or put a proxy that has one in front.\n",
           fingerprint);
    fflush(stdout);
    buf_clear(&code);
}

/* ---- life ---- */

enum err_code app_tls_start(struct app *a, struct err *e)
{
    int listeners[TLS_LISTENERS_MAX];
    struct tls_settings settings = {
        .certificate = a->config->tls_cert,
        .key = a->config->tls_key,
        .listeners = listeners,
        .threads = threads(),
        .max_connections = (int)a->max_connections,
        .max_greetings = GREETINGS_MAX,
        .max_greetings_per_address = GREETINGS_PER_ADDRESS,
        .greeting_ms = GREETING_MS,
        .ctx = a,
        .on_connection = on_connection,
        .on_http = on_http,
    };
    enum err_code rc = ERR_OK;

    if (!config_has_tls(a->config))
        return ERR_OK;
    (void)form_url(a->config->public_url, &a->public_parts);
    settings.host = a->public_parts.host;
    if (config_is_self_signed(a->config)) {
        rc = keep_own(a, e);
        settings.certificate = settings.key = a->own_certificate;
    }
    while (settings.listener_count < TLS_LISTENERS_MAX &&
           (listeners[settings.listener_count] = http_listener(a->http, settings.listener_count)) >= 0)
        settings.listener_count++;
    return rc == ERR_OK ? tls_start(&settings, &a->tls, e) : rc;
}

/* dirname() writes into its argument. */
static const char *folder_of(const char *file, char space[PATH_MAX])
{
    return file && str_copy(space, PATH_MAX, file) ? dirname(space) : NULL;
}

static const char *folder_behind(const char *file, char space[PATH_MAX])
{
    return file && realpath(file, space) ? dirname(space) : NULL;
}

void app_tls_folders(const struct config *c, const char *folders[APP_TLS_FOLDERS])
{
    static char space[APP_TLS_FOLDERS][PATH_MAX];

    folders[0] = folder_of(c->tls_cert, space[0]);
    folders[1] = folder_of(c->tls_key, space[1]);
    folders[2] = folder_behind(c->tls_cert, space[2]);
    folders[3] = folder_behind(c->tls_key, space[3]);
}

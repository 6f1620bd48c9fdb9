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

static enum err_code keep_own(struct app *app, struct err *e)
{
    char folder[PATH_MAX];
    enum err_code rc;
    bool made = false;

    if ((size_t)snprintf(folder, sizeof folder, "%s/tls", app->config->data) >= sizeof folder ||
        (size_t)snprintf(app->own_certificate, sizeof app->own_certificate, "%s/self-signed.pem", folder) >=
            sizeof app->own_certificate)
        return err_set(e, ERR_INVALID, "too_long", "the name of the data folder is too long");
    rc = file_make_folder(folder, e);
    if (rc == ERR_OK)
        rc = tls_own_keep(app->own_certificate, app->public_parts.host, clock_wall_ms() / 1000, &made, e);
    if (made)
        log_event(LOG_INFO, "tls.made", "host=%s", app->public_parts.host);
    app->own_looked_ms = clock_mono_ms();
    return rc;
}

void app_tls_keep_own(struct app *app)
{
    struct err e = { 0 };

    if (config_is_self_signed(app->config) && clock_mono_ms() - app->own_looked_ms > OWN_LOOK_MS &&
        keep_own(app, &e) != ERR_OK)
        log_event(LOG_WARN, "tls.not_made", "code=%s why=\"%s\"", e.code, e.detail);
}

void app_tls_tell(const struct app *app)
{
    char fingerprint[TLS_FINGERPRINT_SIZE];
    struct buf code = { .max = CODE_MAX_BYTES };

    if (!config_is_self_signed(app->config))
        return;
    tls_fingerprint(app->tls, fingerprint);
    printf("On a phone in the same network, open %s\n", app->config->public_url);
    if (qr_draw(app->config->public_url, isatty(STDOUT_FILENO) == 1, &code))
        fputs(buf_text(&code), stdout);
    printf("Its browser warns: nobody else vouches for this certificate. It is ours if this is its SHA-256 "
           "fingerprint:\n  %s\n"
           "For real visits get a certificate that browsers trust (tls-cert), or put a proxy that has one in front.\n",
           fingerprint);
    fflush(stdout);
    buf_clear(&code);
}

/* ---- life ---- */

enum err_code app_tls_start(struct app *app, struct err *e)
{
    int listeners[TLS_LISTENERS_MAX];
    struct tls_settings settings = {
        .certificate = app->config->tls_cert,
        .key = app->config->tls_key,
        .listeners = listeners,
        .threads = threads(),
        .max_connections = (int)app->max_connections,
        .max_greetings = GREETINGS_MAX,
        .max_greetings_per_address = GREETINGS_PER_ADDRESS,
        .greeting_ms = GREETING_MS,
        .ctx = app,
        .on_connection = on_connection,
        .on_http = on_http,
    };
    enum err_code rc = ERR_OK;

    if (!config_has_tls(app->config))
        return ERR_OK;
    (void)form_url(app->config->public_url, &app->public_parts);
    settings.host = app->public_parts.host;
    if (config_is_self_signed(app->config)) {
        rc = keep_own(app, e);
        settings.certificate = settings.key = app->own_certificate;
    }
    while (settings.listener_count < TLS_LISTENERS_MAX &&
           (listeners[settings.listener_count] = http_listener(app->http, settings.listener_count)) >= 0)
        settings.listener_count++;
    return rc == ERR_OK ? tls_start(&settings, &app->tls, e) : rc;
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

void app_tls_folders(const struct config *config, const char *folders[APP_TLS_FOLDERS])
{
    static char space[APP_TLS_FOLDERS][PATH_MAX];

    folders[0] = folder_of(config->tls_cert, space[0]);
    folders[1] = folder_of(config->tls_key, space[1]);
    folders[2] = folder_behind(config->tls_cert, space[2]);
    folders[3] = folder_behind(config->tls_key, space[3]);
}

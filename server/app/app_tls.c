#include "app/app_tls.h"

#include <libgen.h>
#include <limits.h>
#include <stdlib.h>

#include "app/process.h"
#include "util/str.h"

#define GREETING_MS 10000
#define GREETINGS_MAX 2048
#define GREETINGS_PER_ADDRESS 256 /* a clinic is one address, and all of it comes back after an outage */
#define THREADS_MAX 4

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

    if (!a->config->tls_cert)
        return ERR_OK;
    while (settings.listener_count < TLS_LISTENERS_MAX &&
           (listeners[settings.listener_count] = http_listener(a->http, settings.listener_count)) >= 0)
        settings.listener_count++;
    return tls_start(&settings, &a->tls, e);
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

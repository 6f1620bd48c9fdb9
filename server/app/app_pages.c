/* The pages of operators. They run on an HTTP thread and must not block: all their data is atomic or never changes. */
#include "app/app_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "observe/health.h"
#include "observe/metrics.h"

static const struct app *app_of(const void *api)
{
    return ((const struct api *)api)->owner;
}

static int page_live(void *api, struct buf *body)
{
    (void)api;
    buf_add_text(body, "ok\n");
    return 200;
}

static int page_ready(void *api, struct buf *body)
{
    const struct store_db *db = app_of(api)->db;
    struct store_checks checks;
    const char *why_not;

    store_db_checks(db, &checks);
    health_set(HEALTH_STORE, checks.damaged          ? "the database is damaged"
                             : store_db_writable(db) ? NULL
                                                     : "the database cannot be written to");
    why_not = health_why_not();
    buf_printf(body, "%s%s\n", why_not ? "not ready: " : "ready", why_not ? why_not : "");
    return why_not ? 503 : 200;
}

static int page_keys(void *api, struct buf *body)
{
    json_t *set = token_jwks(((struct api *)api)->ring);
    char *text = json_dumps(set, JSON_COMPACT);

    buf_add_text(body, text ? text : "");
    free(text);
    json_decref(set);
    return text ? 200 : 500;
}

/* The second number of statm: pages in memory. 0 when /proc is hidden. */
static double resident_bytes(const struct app *app)
{
    char text[128] = { 0 };
    long total, resident;

    if (pread(app->statm, text, sizeof text - 1, 0) <= 0 || sscanf(text, "%ld %ld", &total, &resident) != 2)
        return 0;
    return (double)resident * (double)sysconf(_SC_PAGESIZE);
}

static void signaling_figures(const struct app *app, struct buf *out)
{
    struct hub_stats s = { 0 };

    hub_stats(app->hub, &s);
    metrics_gauge(out, "sockets", "Open WebSockets.", (double)s.sockets);
    metrics_gauge(out, "sockets_unjoined", "WebSockets that have not joined yet.", (double)s.unjoined);
    metrics_gauge(out, "rooms", "Rooms with open seats.", (double)s.rooms);
    metrics_gauge(out, "seats_inside", "People inside rooms, or away for a moment.", (double)s.seats_inside);
    metrics_gauge(out, "seats_waiting", "People in waiting rooms.", (double)s.seats_waiting);
    metrics_gauge(out, "desks", "Dashboards that watch.", (double)s.dashboards);
    metrics_gauge(out, "queued_bytes", "Bytes that wait for slow sockets.", (double)s.queued_bytes);
    metrics_gauge(out, "kept_bytes", "Bytes that wait for people who are away.", (double)s.kept_bytes);
    metrics_counter(out, "messages_in", "Messages from sockets.", s.messages_in);
    metrics_counter(out, "messages_out", "Messages to sockets.", s.messages_out);
    metrics_counter(out, "relayed", "Signals passed on between peers.", s.relayed);
    metrics_counter(out, "refused", "Messages answered with an error.", s.refused);
    metrics_counter(out, "slow_closed", "Sockets closed because they read too slowly.", s.slow_closed);
}

static void http_figures(const struct app *app, struct buf *out)
{
    static const char *const NAMES[] = {
        NULL, NULL, "http_status_2xx", "http_status_3xx", "http_status_4xx", "http_status_5xx"
    };
    struct http_stats s = { 0 };

    http_stats(app->http, &s);
    metrics_gauge(out, "http_connections", "Open HTTP connections.", (double)s.connections);
    for (int i = 2; i < 6; i++)
        metrics_counter(out, NAMES[i], "Answers of this class.", s.status[i]);
    metrics_counter(out, "http_refused_framing", "Requests refused because their framing was doubtful.",
                    s.refused_framing);
    metrics_counter(out, "http_refused_crowd", "Connections closed at once: too many from their address.",
                    s.refused_crowd);
    metrics_counter(out, "http_deadline_closed", "Connections closed at a deadline.", s.deadline_closed);
    metrics_counter(out, "upgrades", "WebSocket upgrades accepted.", s.upgrades);
}

static void store_figures(const struct app *app, struct buf *out)
{
    struct store_checks checks;

    store_db_checks(app->db, &checks);
    metrics_gauge(out, "store_queue", "Jobs that wait for the database.", (double)store_worker_depth(app->worker));
    metrics_gauge(out, "store_damaged", "1 when a check has found damage: restore the newest backup.", checks.damaged);
    metrics_gauge(out, "store_whole_timestamp_seconds",
                  "When a full check of the database last found it whole; 0 not yet.", (double)checks.whole_ms / 1000);
    metrics_gauge(out, "clock_ahead_seconds",
                  "By how much the machine's clock is not believed, so that nothing is forgotten for its age; 0 it is.",
                  (double)store_db_clock_ahead_ms(app->db) / 1000);
    metrics_counter(out, "store_checks", "Full checks of the database.", checks.done);
    metrics_counter(out, "store_checks_failed", "Full checks that found damage or could not read.", checks.failed);
}

static void tls_figures(const struct app *app, struct buf *out)
{
    struct tls_stats s = { 0 };

    if (!app->tls)
        return;
    tls_stats(app->tls, &s);
    metrics_gauge(out, "tls_connections", "Open connections under TLS.", (double)s.connections);
    metrics_gauge(out, "tls_greetings", "Handshakes under way.", (double)s.greetings);
    metrics_counter(out, "tls_greeted", "Handshakes done.", s.greeted);
    metrics_counter(out, "tls_failed", "Handshakes that failed.", s.failed);
    metrics_counter(out, "tls_late", "Handshakes cut because they took too long, or others needed their place.",
                    s.late);
    metrics_counter(out, "tls_refused_crowd", "Connections closed at once: too many handshakes from their address.",
                    s.refused_crowd);
    metrics_counter(out, "tls_http", "Connections to the port of TLS that spoke HTTP without it.", s.http);
    metrics_counter(out, "tls_renewed", "Times that a new certificate was taken.", s.renewed);
    metrics_counter(out, "tls_renewals_failed", "Times that a new certificate was refused, and the one before kept.",
                    s.renewals_failed);
    metrics_gauge(out, "tls_certificate_end_timestamp_seconds", "When the certificate in force expires.",
                  (double)s.certificate_until_s);
}

static int page_metrics(void *api, struct buf *body)
{
    const struct app *app = app_of(api);

    /* The door opens a moment before app knows the server's address. */
    if (!app->http)
        return 503;
    metrics_expose(body);
    signaling_figures(app, body);
    http_figures(app, body);
    tls_figures(app, body);
    store_figures(app, body);
    metrics_gauge(body, "ready", "1 when /readyz says 200.", health_why_not() ? 0 : 1);
    metrics_gauge(body, "sandboxed", "1 when the kernel keeps the process to its own files (Landlock).",
                  app->sandbox > 0);
    metrics_gauge(body, "resident_bytes", "Memory in use.", resident_bytes(app));
    metrics_end(body);
    return 200;
}

const struct http_plain APP_PAGES[] = {
    { "/healthz", "text/plain; charset=utf-8", page_live },
    { "/readyz", "text/plain; charset=utf-8", page_ready },
    { "/.well-known/jwks.json", "application/jwk-set+json", page_keys },
    { 0 },
};
const struct http_plain APP_METRICS[] = {
    { "/healthz", "text/plain; charset=utf-8", page_live },
    { "/readyz", "text/plain; charset=utf-8", page_ready },
    { "/metrics", "application/openmetrics-text; version=1.0.0; charset=utf-8", page_metrics },
    { 0 },
};

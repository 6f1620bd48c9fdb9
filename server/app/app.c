#include "app/app.h"

#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "access/access.h"
#include "api/api_routes.h"
#include "api/practice.h"
#include "api/setup_code.h"
#include "app/app_parts.h"
#include "app/app_page_paths.h"
#include "app/app_tls.h"
#include "app/process.h"
#include "app/sandbox.h"
#include "app/watchdog.h"
#include "config/config_form.h"
#include "doctor/doctor_job.h"
#include "observe/health.h"
#include "observe/log.h"
#include "store/store_rooms.h"
#include "store/store_seats.h"
#include "store/store_users.h"
#include "util/clock.h"
#include "util/file.h"
#include "util/mem.h"
#include "util/str.h"

#define STORE_QUEUE_MAX 4096
#define MAX_UNJOINED 512
#define MAX_UNJOINED_PER_ADDRESS 16
#define HTTP_PER_ADDRESS_MAX 1024 /* HTTP connections: a browser opens six, and a clinic is one address */
#define HTTP_PER_ADDRESS_MIN 64
#define SOCKET_QUEUE_BYTES (512 * 1024)
#define TOTAL_QUEUE_BYTES (256 * 1024 * 1024)
#define HEAD_DEADLINE_MS 10000
#define BODY_DEADLINE_MS 30000
#define IDLE_MS 30000
#define MAX_BODY_BYTES (256 * 1024)
#define HTTP_THREADS_MAX 8
#define DRAIN_SOCKETS_PERCENT 60 /* part of drain-s, for sockets that do not answer the goodbye */
#define DRAIN_LAST_PERCENT 20    /* time left when HTTP must have ended: the jobs and the database come after it */
#define FILES_UNDER_TLS 3        /* of a connection: the wire, and both ends of the pair */
#define TLS_LAST_MS 500          /* for the last bytes of connections under TLS */
#define CERTIFICATE_LOOK_MS 2000 /* a change counts when two looks agree */
#define FOR_CHECKS 6             /* paths that only the checks read */
#define KEYS_LOOK_MS (24 * 3600 * 1000) /* how often the age of the signing keys is checked */

/* ---- the sandbox ---- */

/* From here on other files are out of reach. */
static enum err_code shut_out_other_files(struct app *app, struct err *e)
{
    char web[PATH_MAX] = ""; /* a build removes and recreates web-dir, so only its parent folder stays */
    const bool has_web = app->config->web_dir && str_copy(web, sizeof web, app->config->web_dir);
    const char *readable[FOR_CHECKS + 2 + APP_TLS_FOLDERS] = {
        /* for the checks (doctor/): names, and the authorities that browsers trust */
        "/etc/resolv.conf",
        "/etc/hosts",
        "/etc/nsswitch.conf",
        "/etc/gai.conf",
        "/etc/ssl/certs",
        getenv("SSL_CERT_FILE"),
        has_web ? dirname(web) : NULL,
        getenv("CREDENTIALS_DIRECTORY")
    };
    enum err_code rc = file_make_folder(app->config->data, e);

    if (rc != ERR_OK)
        return rc;
    app_tls_folders(app->config, readable + FOR_CHECKS + 2);
    app->statm = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    app->sandbox = sandbox_enter(app->config->data, readable, sizeof readable / sizeof readable[0]);
    return ERR_OK;
}

/* ---- the database and the keys ---- */

static enum err_code open_store(struct app *app, struct err *e)
{
    enum err_code rc = store_db_open(app->config->data, clock_wall_ms(), &app->db, e);

    if (rc == ERR_OK)
        rc = store_open(app->db, &app->store, e);
    return rc;
}

static void free_keys(struct app_keys *keys)
{
    while (keys) {
        struct app_keys *before = keys->before;

        mem_wipe(keys, sizeof *keys);
        mem_free(keys);
        keys = before;
    }
}

/* Reads the keys, or makes new ones, in front of those in use. */
static enum err_code load_keys(struct app *app, struct err *e)
{
    struct app_keys *keys = mem_new(sizeof *keys);
    int lost = 0;
    enum err_code rc = store_keys_load(app->store, &app->master, clock_wall_ms(), &keys->ring, &lost, e);

    if (lost > 0)
        log_event(LOG_WARN, "keys.lost", "count=%d remedy=\"put back the master.key that belongs to this database\"",
                  lost);
    if (rc != ERR_OK) {
        free_keys(keys);
        return rc;
    }
    keys->before = app->keys;
    app->keys = keys;
    return ERR_OK;
}

static enum err_code open_keys(struct app *app, struct err *e)
{
    enum err_code rc = store_master_load(app->config->data, &app->master, e);

    return rc == ERR_OK ? load_keys(app, e) : rc;
}

static bool same_keys(const struct key_ring *a, const struct key_ring *b)
{
    return a->count == b->count && strcmp(a->keys[0].kid, b->keys[0].kid) == 0;
}

/* While it serves, on the main thread. Verifiers get a new key before it is used to sign. */
static void renew_keys(struct app *app)
{
    struct app_keys *before = app->keys;
    struct err e = { 0 };

    if (load_keys(app, &e) != ERR_OK) {
        log_event(LOG_WARN, "keys.not_read", "code=%s", e.code); /* the keys in use stay; next attempt tomorrow */
        return;
    }
    if (same_keys(&app->keys->ring, &before->ring)) {
        app->keys->before = NULL;
        free_keys(app->keys);
        app->keys = before;
        return;
    }
    hub_set_ring(app->hub, &app->keys->ring);
    atomic_store(&app->api.ring, &app->keys->ring);
    log_event(LOG_INFO, "keys.renewed", "keys=%d", app->keys->ring.count);
}

/* ---- signaling ---- */

/* The rooms of the open seats. The list is sorted by room, so neighbours are compared. */
static enum err_code rooms_of(struct app *app, const struct seat_list *seats, struct room_rules *rooms, size_t *count,
                              struct err *e)
{
    enum err_code rc = ERR_OK;

    *count = 0;
    for (size_t i = 0; rc == ERR_OK && i < seats->count; i++)
        if (i == 0 || strcmp(seats->items[i].room_id, seats->items[i - 1].room_id) != 0)
            rc = store_room_find(app->store, seats->items[i].room_id, &rooms[(*count)++], e);
    return rc;
}

static struct hub_settings hub_settings_of(const struct app *app)
{
    const struct config *config = app->config;

    return (struct hub_settings){
        .shards = (int)config->signal_threads,
        .max_sockets = (int)app->max_connections,
        .max_unjoined = MAX_UNJOINED,
        .max_unjoined_per_address = MAX_UNJOINED_PER_ADDRESS,
        .rate_per_s = (int)config->signal_rate,
        .burst = (int)config->signal_rate * 4,
        .socket_queue_bytes = SOCKET_QUEUE_BYTES,
        .total_queue_bytes = TOTAL_QUEUE_BYTES,
        .public_url = config->public_url,
        .ring = &app->keys->ring,
        .participant_key = app->master.participant,
        .turn_urls = (const char *const *)config->turn_urls.items,
        .turn_secret = config->turn_secrets.items[0],
        .turn_realm = config->public_url,
    };
}

/* Seats outlive the process: people who were inside get their place back when they reconnect. */
static enum err_code start_hub(struct app *app, struct err *e)
{
    struct hub_settings settings = hub_settings_of(app);
    struct seat_list seats = { 0 };
    struct room_rules *rooms = NULL;
    size_t room_count = 0;
    enum err_code rc = store_worker_start(app->db, STORE_QUEUE_MAX, &app->worker, e);

    if (rc == ERR_OK)
        rc = store_seat_list_open(app->store, &seats, e);
    if (rc == ERR_OK && seats.count > 0) {
        rooms = mem_new_array(seats.count, sizeof *rooms);
        rc = rooms_of(app, &seats, rooms, &room_count, e);
    }
    if (rc == ERR_OK)
        rc = hub_start(&settings, app->worker, seats.items, seats.count, rooms, room_count, &app->hub, e);
    if (rc == ERR_OK && seats.count > 0)
        log_event(LOG_INFO, "seats.kept", "seats=%zu rooms=%zu", seats.count, room_count);
    mem_free(rooms);
    seat_list_clear(&seats);
    return rc;
}

static enum err_code start_control(struct app *app, control_run run, struct err *e)
{
    app->services.config = app->config;
    app->services.db = app->db;
    app->services.hub = app->hub;
    return control_start(app->config->data, run, &app->services, &app->control, e);
}

/* ---- HTTP ---- */

/* The pages name the practice from the first byte on. */
static enum err_code start_fill(struct app *app, struct err *e)
{
    struct practice p = { 0 };
    enum err_code rc = practice_load(app->store, &p, e);

    app->fill = http_fill_new();
    if (rc == ERR_OK)
        practice_fill(app->fill, &p);
    return rc;
}

static enum err_code start_api(struct app *app, struct err *e)
{
    const struct config *config = app->config;
    struct form_url url = { .reach = FORM_MACHINE };
    enum err_code rc = start_fill(app, e);

    if (rc != ERR_OK)
        return rc;
    (void)form_url(config->public_url, &url);
    app->api = (struct api){
        .hub = app->hub,
        .ring = &app->keys->ring,
        .keys = &app->master,
        .public_url = config->public_url,
        .reach = form_reach_name(url.reach),
        .data_folder = config->data,
        .fill = app->fill,
        .turn_urls = (const char *const *)config->turn_urls.items,
        .turn_secret = config->turn_secrets.items[0],
        .owner = app,
        .doctor = doctor_job_new(config, app->db, app->services.clock_offset_ms),
    };
    return api_start(&app->api, api_routes(), e);
}

static enum err_code on_upgrade(void *api, int fd, const char *room, const char *key, const char *address)
{
    return hub_adopt(((struct api *)api)->hub, fd, room, key, address);
}

static int http_threads(const struct config *config)
{
    int cores = process_cores();

    if (config->http_threads > 0)
        return (int)config->http_threads;
    return cores < HTTP_THREADS_MAX ? cores : HTTP_THREADS_MAX;
}

/* One address never gets more than a quarter of the connections, nor too few for a small installation to work. */
static int http_per_address(int64_t max_connections)
{
    int64_t quarter = max_connections / 4;

    if (quarter > HTTP_PER_ADDRESS_MAX)
        return HTTP_PER_ADDRESS_MAX;
    return quarter > HTTP_PER_ADDRESS_MIN ? (int)quarter : HTTP_PER_ADDRESS_MIN;
}

static enum err_code start_http(struct app *app, struct err *e)
{
    const struct config *config = app->config;
    struct http_settings settings = {
        .listen = (const char *const *)config->listen.items,
        .takes = config_has_tls(config),
        .untrusted = config_is_self_signed(config),
        .public_url = config->public_url,
        .redirect_listen = config->redirect_listen,
        .redirect_webroot = app->webroot,
        .side_listen = config->metrics_listen,
        .side_plain = APP_METRICS,
        .files = { .assets = ASSETS,
                   .page_paths = APP_PAGE_PATHS,
                   .fill = app->fill,
                   .web_dir = config->web_dir,
                   .kept_dir = app->kept_files },
        .trusted_proxies = (const char *const *)config->trusted_proxies.items,
        .threads = http_threads(config),
        .workers = (int)config->workers,
        .max_connections = (int)app->max_connections,
        .max_per_address = http_per_address(app->max_connections),
        .head_deadline_ms = HEAD_DEADLINE_MS,
        .body_deadline_ms = BODY_DEADLINE_MS,
        .idle_ms = IDLE_MS,
        .max_body_bytes = MAX_BODY_BYTES,
        .routes = api_routes(),
        .plain = APP_PAGES,
        .api = &app->api,
        .guard = &ACCESS_GUARD,
        .on_upgrade = on_upgrade,
    };

    app->access = access_new((int)config->rate_scale, app->master.device);
    settings.access = app->access;
    if ((size_t)snprintf(app->kept_files, sizeof app->kept_files, "%s/assets", config->data) >= sizeof app->kept_files)
        settings.files.kept_dir = NULL;
    if ((size_t)snprintf(app->webroot, sizeof app->webroot, "%s/acme", config->data) >= sizeof app->webroot)
        settings.redirect_webroot = NULL;
    return http_start(&settings, app->db, &app->http, e);
}

/* ---- the first admin ---- */

/* "http://localhost:0" gets the port that the system chose. */
static void address_for_people(const struct app *app, char *to, size_t size)
{
    struct form_url url;

    if (form_url(app->config->public_url, &url) && str_ends(app->config->public_url, ":0"))
        snprintf(to, size, "http://%s:%d", url.host, http_port(app->http));
    else
        str_copy(to, size, app->config->public_url);
}

static void print_setup(const struct app *app, const char *code)
{
    char url[300];
    struct form_url parts;

    address_for_people(app, url, sizeof url);
    printf("setup: %s/setup#%s\n", url, code);
    if (form_url(url, &parts) && parts.loopback)
        printf("On another machine, first: ssh -L %d:127.0.0.1:%d <this machine>\n", parts.port, parts.port);
    if (form_url(url, &parts) && form_reach_words(parts.reach))
        printf("%s\n", form_reach_words(parts.reach));
    fflush(stdout);
}

static enum err_code offer_setup(struct app *app, struct err *e)
{
    char code[SETUP_CODE_SIZE];
    int64_t users, admins;
    enum err_code rc = store_user_count(app->store, &users, &admins, e);

    if (rc != ERR_OK)
        return rc;
    if (users > 0) { /* made by a process that ended before it could remove the file */
        setup_code_remove(app->config->data);
        return ERR_OK;
    }
    rc = setup_code_load(app->config->data, code, e);
    if (rc == ERR_OK)
        print_setup(app, code);
    mem_wipe(code, sizeof code);
    return rc;
}

/* ---- start, serve, stop ---- */

static enum err_code start_parts(struct app *app, control_run run_command, struct err *e)
{
    enum err_code rc = shut_out_other_files(app, e);

    if (rc == ERR_OK)
        rc = open_store(app, e);
    if (rc == ERR_OK)
        rc = open_keys(app, e);
    if (rc == ERR_OK)
        rc = start_hub(app, e);
    if (rc == ERR_OK)
        rc = start_control(app, run_command, e);
    if (rc == ERR_OK)
        rc = start_api(app, e);
    if (rc == ERR_OK)
        rc = start_http(app, e);
    if (rc == ERR_OK)
        rc = app_tls_start(app, e);
    if (rc == ERR_OK)
        rc = offer_setup(app, e);
    if (rc == ERR_OK)
        app_tls_tell(app);
    return rc;
}

/* One deadline for all parts, so that their waits do not add up. In reverse order; but first sockets are told to come back, while
 * HTTP still answers that it is busy. Parts that were not started are NULL, which every part accepts. */
static void stop_parts(struct app *app)
{
    int64_t drain_ms = app->config->drain_s * 1000, end_ms = clock_mono_ms() + drain_ms;

    control_begin_stop(app->control);
    if (app->hub)
        hub_drain(app->hub, (int)(drain_ms * DRAIN_SOCKETS_PERCENT / 100));
    tls_shut_doors(app->tls);
    http_stop_by(app->http, end_ms - drain_ms * DRAIN_LAST_PERCENT / 100);
    access_free(app->access);
    doctor_job_free(app->api.doctor);
    api_stop(&app->api);
    http_fill_free(app->fill);
    control_stop(app->control);
    hub_stop(app->hub, 0);
    tls_stop(app->tls, clock_mono_ms() + TLS_LAST_MS);
    store_worker_stop(app->worker);
    store_close(app->store);
    store_db_close(app->db);
    free_keys(app->keys);
    if (app->statm >= 0)
        close(app->statm);
    mem_wipe(app, sizeof *app);
}

static void set_limits(struct app *app)
{
    app->max_connections =
        process_set_file_limit(app->config->max_connections, config_has_tls(app->config) ? FILES_UNDER_TLS : 1);
    if (app->max_connections < app->config->max_connections)
        log_event(LOG_WARN, "limit.files", "max_connections=%lld wanted=%lld remedy=\"raise LimitNOFILE or ulimit -n\"",
                  (long long)app->max_connections, (long long)app->config->max_connections);
}

/* ---- what the main thread does while it serves ---- */

static void beat(struct app *app)
{
    (void)!watchdog_beat(app->hub, app->http, app->tls);
}

static void look_at_certificate(struct app *app)
{
    app_tls_keep_own(app);
    tls_look(app->tls, false);
}

struct chore {
    void (*run)(struct app *app);
    int64_t every_ms; /* 0: never */
    int64_t due_ms;
};

static int64_t first_due_ms(const struct chore *chores, size_t count)
{
    int64_t first_ms = INT64_MAX;

    for (size_t i = 0; i < count; i++)
        if (chores[i].every_ms > 0 && chores[i].due_ms < first_ms)
            first_ms = chores[i].due_ms;
    return first_ms;
}

static void run_chores(struct app *app, struct chore *chores, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (chores[i].every_ms == 0 || clock_mono_ms() < chores[i].due_ms)
            continue;
        chores[i].run(app);
        chores[i].due_ms = clock_mono_ms() + chores[i].every_ms;
    }
}

/* Does what is due until a signal comes, and returns it. */
static int wait_with_chores(struct app *app, struct chore *chores, size_t count)
{
    int got = 0;

    while (got == 0) {
        int64_t left_ms = first_due_ms(chores, count) - clock_mono_ms();

        got = left_ms > 0 ? process_wait((int)(left_ms < INT32_MAX ? left_ms : INT32_MAX)) : 0;
        if (got == 0)
            run_chores(app, chores, count);
    }
    return got;
}

static int serve_until_told(struct app *app)
{
    const int64_t now_ms = clock_mono_ms();
    struct chore chores[] = {
        { beat, watchdog_every_ms(), now_ms },
        { renew_keys, KEYS_LOOK_MS, now_ms + KEYS_LOOK_MS },
        { look_at_certificate, app->tls ? CERTIFICATE_LOOK_MS : 0, now_ms + CERTIFICATE_LOOK_MS },
    };
    int got;

    while ((got = wait_with_chores(app, chores, sizeof chores / sizeof *chores)) == SIGHUP) {
        log_event(LOG_INFO, "app.hangup", "note=\"certificate and keys are read again; options at the next start\"");
        if (app->tls)
            tls_look(app->tls, true);
        renew_keys(app);
    }
    return got;
}

static void serve(struct app *app)
{
    char url[300];
    int got;

    health_set(HEALTH_START, NULL);
    http_set_ready(app->http, true);
    process_notify("READY=1");
    address_for_people(app, url, sizeof url);
    log_event(LOG_INFO, "app.ready", "version=%s port=%d url=%s", PARLOUR_VERSION, http_port(app->http), url);
    got = serve_until_told(app);
    health_set(HEALTH_DRAIN, "stopping");
    http_set_ready(app->http, false);
    process_notify("STOPPING=1");
    log_event(LOG_INFO, "app.stopping", "signal=%d", got);
}

enum err_code app_serve(const struct config *config, const struct command *commands, control_run run_command,
                        struct err *e)
{
    struct app *app = mem_new(sizeof *app);
    enum err_code rc;

    app->config = config;
    app->services.commands = commands;
    app->services.clock_offset_ms = clock_wall_ms() - clock_boot_ms();
    app->statm = -1;
    set_limits(app);
    process_block_signals();
    rc = start_parts(app, run_command, e);
    if (rc == ERR_OK)
        serve(app);
    stop_parts(app);
    mem_free(app);
    return rc;
}

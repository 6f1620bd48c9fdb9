/* practice.h - a practice in a temporary folder, asked as the router asks it, without sockets: real store, keys, rooms in
 * motion and route table. People are cookie jars. One process opens one practice. */
#ifndef TESTS_API_PRACTICE_H
#define TESTS_API_PRACTICE_H

#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "access/access.h"
#include "api/api.h"
#include "api/api_routes.h"
#include "api/setup_code.h"
#include "domain/crypto.h"
#include "domain/password.h"
#include "http/http_router.h"
#include "observe/log.h"
#include "store/store_audit.h"
#include "store/store_invitations.h"
#include "store/store_rooms.h"
#include "store/store_seats.h"
#include "store/store_sessions.h"
#include "store/store_users.h"
#include "store/store_worker.h"
#include "tests/support/check.h"
#include "util/arena.h"
#include "util/clock.h"
#include "util/json_fields.h"
#include "util/str.h"

#define URL "http://localhost:8080"
#define GOOD_PASSWORD "a long walk by the sea"

static struct {
    char folder[64];
    struct store_db *db;
    struct store *store; /* the tests' own handle */
    struct master_keys keys;
    struct key_ring ring;
    struct store_worker *worker;
    struct hub *hub;
    struct api api;
    struct http_core core;
    struct arena ids; /* texts that the tests keep */
} practice;

/* A caller: cookies, and anything more that the next request sends. */
struct jar {
    char sid[SECRET_TEXT_SIZE], guest[SECRET_TEXT_SIZE], device[SECRET_TEXT_SIZE]; /* "" without */
    const char *header, *value; /* one more header for the next question, or NULL */
    char id[ID_SIZE];           /* of the account, "" for guests */
};

/* The newest answer; its JSON lives until the next question of the same thread. */
struct answer {
    int status;
    const char *code; /* of a problem, otherwise "" */
    const char *field;
    json_t *json;
    struct http_exchange *exchange;
};

static inline void must(enum err_code rc, const struct err *e, const char *what)
{
    if (rc == ERR_OK)
        return;
    printf("%s: %s %s\n", what, e->code, e->detail);
    exit(1);
}

static inline void practice_open(void)
{
    static const char *const TURN[] = { "turn:turn.example.org:3478?transport=udp", NULL };
    static const struct hub_settings HUB = { .shards = 1,
                                             .max_sockets = 16,
                                             .max_unjoined = 16,
                                             .max_unjoined_per_address = 16,
                                             .rate_per_s = 50,
                                             .burst = 200,
                                             .socket_queue_bytes = 65536,
                                             .total_queue_bytes = 1 << 20,
                                             .public_url = URL };
    struct hub_settings hub = HUB;
    struct err e = { 0 };
    int lost;

    log_start(LOG_ERROR, false);
    password_may_hash(true); /* the tests make accounts by themselves; the router asks the table */
    snprintf(practice.folder, sizeof practice.folder, "/tmp/parlour-api-XXXXXX");
    if (!mkdtemp(practice.folder) || crypto_start(NULL) != ERR_OK)
        exit(1);
    must(store_db_open(practice.folder, clock_wall_ms(), &practice.db, &e), &e, "open");
    must(store_open(practice.db, &practice.store, &e), &e, "handle");
    must(store_master_load(practice.folder, &practice.keys, &e), &e, "master key");
    must(store_keys_load(practice.store, &practice.keys, clock_wall_ms(), &practice.ring, &lost, &e), &e, "keys");
    must(store_worker_start(practice.db, 64, &practice.worker, &e), &e, "worker");
    hub.ring = &practice.ring;
    hub.participant_key = practice.keys.participant;
    hub.turn_urls = TURN;
    must(hub_start(&hub, practice.worker, NULL, 0, NULL, 0, &practice.hub, &e), &e, "hub");
    practice.api = (struct api){ .hub = practice.hub,
                                 .ring = &practice.ring,
                                 .keys = &practice.keys,
                                 .public_url = URL,
                                 .reach = "anywhere",
                                 .data_folder = practice.folder,
                                 .turn_urls = TURN,
                                 .turn_secret = "north" };
    must(api_start(&practice.api, api_routes(), &e), &e, "api");
    practice.core.guard = &ACCESS_GUARD;
    practice.core.access = access_new(1000, NULL); /* the limits are tested where they live */
    practice.core.api = &practice.api;
}

static inline void practice_close(void)
{
    char command[128];

    api_stop(&practice.api);
    hub_stop(practice.hub, 1000);
    store_worker_stop(practice.worker);
    store_close(practice.store);
    store_db_close(practice.db);
    access_free(practice.core.access);
    arena_clear(&practice.ids);
    snprintf(command, sizeof command, "rm -r %s", practice.folder);
    if (system(command) != 0)
        printf("%s stays behind\n", practice.folder);
}

/* --- asking ------------------------------------------------------------------------------------------------------- */

static inline void answer_free(struct answer *a)
{
    http_exchange_free(a->exchange);
    memset(a, 0, sizeof *a);
}

static inline void keep_cookies(struct jar *jar, const struct http_reply *r)
{
    for (const struct http_line *l = r->cookies; l; l = l->next) {
        char *to = str_starts(l->value, "sid=") ? jar->sid : str_starts(l->value, "device=") ? jar->device : jar->guest;
        const char *from = strchr(l->value, '=') + 1;
        size_t len = strcspn(from, ";");

        if (len < SECRET_TEXT_SIZE)
            str_copy_n(to, SECRET_TEXT_SIZE, from, len);
    }
}

/* One question with its own store handle. `body`: JSON text or NULL. The caller frees the answer. */
static inline struct answer ask_with(struct store *s, struct jar *jar, const char *method, const char *path,
                                     const char *body)
{
    struct http_head head = { .method = method, .target = path, .version = "HTTP/1.1" };
    char cookie[256], allow[HTTP_ALLOW_SIZE], plain[512];
    const char *query = strchr(path, '?'), *decoded;
    struct http_exchange *x;
    struct answer a;
    struct err e = { 0 };

    snprintf(cookie, sizeof cookie, "sid=%s; guest=%s; device=%s", jar->sid, jar->guest, jar->device);
    http_head_add(&head, "Cookie", 6, cookie, strlen(cookie));
    if (jar->header)
        http_head_add(&head, jar->header, strlen(jar->header), jar->value, strlen(jar->value));
    jar->header = NULL;
    str_copy_n(plain, sizeof plain, path, query ? (size_t)(query - path) : strlen(path));
    x = http_exchange_new(&practice.core, &head, 65536);
    decoded = arena_printf(&x->request.arena, "/api/v1%s", plain);
    str_copy(x->request.address, sizeof x->request.address, "192.0.2.1");
    must(http_query_parse(query ? query + 1 : NULL, &x->request.arena, &x->request.query, &e), &e, path);
    must(http_route_find(api_routes(), method, decoded, &x->request.arena, &x->route, &x->request.params, allow, &e),
         &e, path);
    if (body)
        buf_add_text(&x->body, body);
    http_route_run(x, s);
    keep_cookies(jar, &x->reply);
    a = (struct answer){ .status = x->reply.status, .json = x->reply.json, .exchange = x };
    a.code = json_text(a.json, "code", "");
    a.field = json_text(a.json, "field", "");
    return a;
}

/* The same on the tests' handle; the answer lives until the next. Body as printf, with ' for ". */
static inline const struct answer *ask(struct jar *jar, const char *method, const char *path, const char *body, ...)
    PRINTF_LIKE(4, 5);
static inline const struct answer *ask(struct jar *jar, const char *method, const char *path, const char *body, ...)
{
    static struct answer newest;
    char text[16384];
    va_list ap;

    answer_free(&newest);
    va_start(ap, body);
    vsnprintf(text, sizeof text, body, ap);
    va_end(ap);
    for (char *p = text; *p; p++)
        if (*p == '\'')
            *p = '"';
    newest = ask_with(practice.store, jar, method, path, text[0] ? text : NULL);
    if (!newest.json && newest.exchange->reply.text &&
        newest.exchange->reply.text_len > 0) /* problems are kept as text */
        newest.json = newest.exchange->reply.json =
            json_loadb(newest.exchange->reply.text, newest.exchange->reply.text_len, 0, NULL);
    newest.code = json_text(newest.json, "code", "");
    newest.field = json_text(newest.json, "field", "");
    return &newest;
}

#define CHECK_ANSWER(a, expected_status, expected_code)                                                                \
    do {                                                                                                               \
        const struct answer *the_answer = (a);                                                                         \
        CHECK_INT(the_answer->status, expected_status);                                                                \
        CHECK_STR(the_answer->code, expected_code);                                                                    \
    } while (0)

/* A text of the answer, kept. */
static inline const char *kept(const struct answer *a, const char *name)
{
    return arena_text(&practice.ids, json_text(a->json, name, ""));
}

static inline const char *path_to(const char *fmt, ...) PRINTF_LIKE(1, 2);
static inline const char *path_to(const char *fmt, ...)
{
    char text[300];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    return arena_text(&practice.ids, text);
}

/* --- people ------------------------------------------------------------------------------------------------------- */

/* A sign-in without the cost of a password. */
static inline void sign_in(struct jar *jar, const char *user_id)
{
    struct session s = { .created_ms = clock_wall_ms(),
                         .seen_ms = clock_wall_ms(),
                         .expires_ms = clock_wall_ms() + 3600000 };
    struct err e = { 0 };

    memset(jar, 0, sizeof *jar);
    crypto_new_id(s.id);
    str_copy(s.user_id, sizeof s.user_id, user_id);
    str_copy(jar->id, sizeof jar->id, user_id);
    crypto_new_secret(jar->sid, s.cookie_hash);
    must(store_write_begin(practice.store, &e), &e, "sign in");
    must(store_write_end(practice.store, store_session_add(practice.store, &s, &e), &e), &e, "sign in");
}

/* A new account, signed in. */
static inline struct jar person(enum user_role role, const char *name)
{
    static int count;
    struct user u = { .role = role, .state = USER_ACTIVE, .created_ms = clock_wall_ms() };
    struct jar jar;
    struct err e = { 0 };

    crypto_new_id(u.id);
    str_copy(u.name, sizeof u.name, name);
    snprintf(u.email, sizeof u.email, "person%d@example.org", ++count);
    must(store_write_begin(practice.store, &e), &e, "person");
    must(store_write_end(practice.store, store_user_add(practice.store, &u, "no hash", &e), &e), &e, "person");
    sign_in(&jar, u.id);
    return jar;
}

/* A room of `owner`; its id. `more` are further members, each with a comma in front. */
static inline const char *room_of(struct jar *owner, const char *more)
{
    const struct answer *a = ask(owner, "POST", "/rooms", "{'name':'Room'%s}", more);

    CHECK_INT(a->status, 201);
    return kept(a, "id");
}

/* The code of a new invitation into the room. */
static inline const char *link_to(struct jar *host, const char *room, const char *members)
{
    const struct answer *a = ask(host, "POST", path_to("/rooms/%s/invitations", room), "{%s}", members);

    CHECK_INT(a->status, 201);
    return kept(a, "code");
}

/* How often the record names this action. */
static inline int recorded(const char *action)
{
    static struct jar auditor;
    const struct answer *a;

    if (!auditor.sid[0])
        auditor = person(USER_ADMIN, "Auditor");
    a = ask(&auditor, "GET", path_to("/audit?limit=200&action=%s", action), "%s", "");
    return (int)json_array_size(json_object_get(a->json, "items"));
}

/* --- the people most tests begin with ------------------------------------------------------------------------------ */

static struct jar admin, host, colleague, desk; /* no room is theirs yet */

/* Runs the tests in a practice with these people. `prepare` makes anything more that a file needs, or is NULL. */
static inline int practice_run(const struct check_test *tests, void (*prepare)(void), int argc, char **argv)
{
    int status;

    practice_open();
    admin = person(USER_ADMIN, "Olga Owner");
    host = person(USER_HOST, "Dr Rivera");
    colleague = person(USER_HOST, "Dr Osei");
    desk = person(USER_DESK, "Dana Desk");
    if (prepare)
        prepare();
    status = check_run(tests, argc, argv);
    practice_close();
    return status;
}

#define PRACTICE_MAIN(tests, prepare)                                                                                  \
    int main(int argc, char **argv)                                                                                    \
    {                                                                                                                  \
        return practice_run((tests), (prepare), argc, argv);                                                           \
    }

#endif

// links: live
/* Messages of several people into the state machine of two rooms. Sockets, clock, store and the store's thread are made here, so
 * that a run is nothing but its bytes: each step is an operation, a person and what follows from them. After every step the
 * messages sent and the state are checked against the promises: see check_frame() and check_room(). */
#include <assert.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "domain/crypto.h"
#include "live/live.h"
#include "live/live_room.h"
#include "live/messages.h"
#include "live/room_queue.h"
#include "tests/fuzz/memory_store.h"
#include "tests/fuzz/must.h"
#include "util/mem.h"
#include "util/str.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);
int LLVMFuzzerInitialize(int *argc, char ***argv);

#define PUBLIC_URL "http://localhost:8080"
#define GENS 6
#define QUEUE_MAX 4096

/* ---- the shard's environment ---- */

static struct live_shard the_shard;
static struct live_counters counters;
static struct clients clients;
static struct client_counters client_counters;
static struct key_ring ring;
static int64_t now_ms;
static struct store_job jobs[QUEUE_MAX];
static int job_count;
static struct {
    void (*fn)(struct live_shard *f, void *arg);
    void *arg;
} calls[QUEUE_MAX];
static int call_count;

static int64_t env_ms(void *ctx)
{
    (void)ctx;
    return now_ms;
}

static enum err_code env_post_job(void *ctx, const struct store_job *job)
{
    (void)ctx;
    if (job_count == QUEUE_MAX)
        return ERR_BUSY;
    jobs[job_count++] = *job;
    return ERR_OK;
}

static bool env_post(void *ctx, int shard, bool must, void (*fn)(struct live_shard *f, void *arg), void *arg)
{
    (void)ctx, (void)shard, (void)must;
    MUST(call_count < QUEUE_MAX);
    calls[call_count].fn = fn;
    calls[call_count++].arg = arg;
    return true;
}

static void env_wake(void *ctx, struct client *p)
{
    (void)ctx, (void)p;
}

static void env_joined(void *ctx, int64_t unjoined)
{
    (void)ctx, (void)unjoined;
}

static void run_calls(void)
{
    for (int i = 0; i < call_count; i++)
        calls[i].fn(&the_shard, calls[i].arg);
    call_count = 0;
}

/* The oldest job: done, or failed as if the disk had refused; then nothing of it is there. */
static void run_job(bool fails)
{
    struct store before = the_store;
    struct store_job job;
    struct err e = { 0 };
    enum err_code rc;

    if (job_count == 0)
        return;
    job = jobs[0];
    memmove(jobs, jobs + 1, (size_t)--job_count * sizeof *jobs);
    rc = job.run(&the_store, job.arg, &e);
    if (rc == ERR_OK && fails)
        rc = err_set(&e, ERR_IO, "io", "the disk is gone");
    if (rc != ERR_OK)
        the_store = before;
    job.done(job.arg, rc, &e);
    run_calls();
}

/* ---- people ---- */

static struct person {
    struct client *client;
    char ticket[SECRET_TEXT_SIZE];
    int64_t seq;       /* the last number seen; -1: no welcome yet on this connection */
    bool waiting;      /* as last told */
    bool ever_inside;  /* has been inside: gets messages written to it then once more */
    bool inside_since; /* has been inside on this page: may know who is inside */
} people[PEOPLE];
static char tokens[PEOPLE][GENS][TOKEN_MAX];

static bool is_host(int person)
{
    return person % 5 < 2;
}

static const char *room_of(int person)
{
    return person < 5 ? "ra" : "rb";
}

static const char *token_for(int person)
{
    int64_t gen = the_store.has_row[person] ? the_store.rows[person].gen : 0;
    struct token_claims c = { .role = is_host(person) ? SEAT_HOST : SEAT_GUEST,
                              .name_from = NAME_FROM_SELF,
                              .gen = gen };

    if (gen >= GENS)
        return "";
    if (tokens[person][gen][0])
        return tokens[person][gen];
    snprintf(c.sub, ID_SIZE, "p%d", person);
    snprintf(c.room, ID_SIZE, "%s", room_of(person));
    snprintf(c.name, NAME_SIZE, "Person %d", person);
    snprintf(c.user_id, ID_SIZE, "%s", is_host(person) ? "u1" : "");
    if (!is_host(person) && person % 5 > 2) /* the last two guests have one invitation between them */
        snprintf(c.invitation_id, ID_SIZE, "invitation-%s", room_of(person));
    c.another_jar = person % 5 == 4;
    c.iat_ms = c.nbf_ms = 1000000;
    c.exp_ms = INT64_C(2000000000000);
    c.grants = GRANT_PUBLISH | GRANT_CHAT;
    snprintf(c.jti, ID_SIZE, "jti");
    MUST(token_sign(&ring, PUBLIC_URL, &c, tokens[person][gen], NULL) == ERR_OK);
    return tokens[person][gen];
}

static void say(int person, const char *text)
{
    if (people[person].client)
        client_message(people[person].client, text, strlen(text));
}

/* ---- what must hold ---- */

static void check_id(int to, const char *id)
{
    int about = person_of(id);

    MUST(about >= 0 && strcmp(room_of(about), room_of(to)) == 0); /* no message leaves its room */
}

static void check_participant(int to, const json_t *p, bool waiting)
{
    const char *id = json_string_value(json_object_get(p, "id"));

    check_id(to, id);
    MUST(person_of(id) != to);
    if (waiting)
        MUST(is_host(person_of(id)));
    if (!is_host(to))
        MUST(is_host(person_of(id)) || strcmp(json_string_value(json_object_get(p, "state")), "waiting") != 0 ||
             people[to].inside_since);
}

static void check_participants(int to, const json_t *m, bool waiting)
{
    json_t *list = json_object_get(m, "participants"), *p;
    size_t i;

    json_array_foreach(list, i, p) check_participant(to, p, waiting);
    if (waiting)
        MUST(json_array_size(json_object_get(m, "ice_servers")) == 0);
}

static void note_state(int to, const json_t *m)
{
    people[to].waiting = strcmp(json_string_value(json_object_get(m, "state")), "waiting") == 0;
    people[to].inside_since |= !people[to].waiting;
    people[to].ever_inside |= !people[to].waiting;
    check_participants(to, m, people[to].waiting);
}

static void check_frame(int to, const char *text, size_t len)
{
    json_t *m = json_loadb(text, len, JSON_REJECT_DUPLICATES, NULL);
    const char *type;

    MUST(m != NULL);
    type = json_string_value(json_object_get(m, "type"));
    if (strcmp(type, "welcome") == 0) {
        people[to].seq = json_integer_value(json_object_get(m, "seq"));
        (void)str_copy(people[to].ticket, SECRET_TEXT_SIZE,
                       json_string_value(json_object_get(json_object_get(m, "resume"), "ticket")));
        if (!json_is_true(json_object_get(m, "resumed")))
            note_state(to, m);
    } else if (strcmp(type, "bye") != 0 && people[to].seq >= 0) {
        MUST(json_integer_value(json_object_get(m, "seq")) == ++people[to].seq);
    }
    if (strcmp(type, "state") == 0)
        note_state(to, m);
    if (strcmp(type, "participant") == 0)
        check_participant(to, json_object_get(m, "participant"), people[to].waiting);
    if (strcmp(type, "signal") == 0 || strcmp(type, "chat") == 0 || strcmp(type, "mute") == 0) {
        const char *from = json_string_value(json_object_get(m, "from"));

        check_id(to, from);
        MUST(!people[to].waiting || (strcmp(type, "chat") == 0 &&
                                     (is_host(person_of(from)) || people[to].ever_inside || person_of(from) == to)));
    }
    json_decref(m);
}

static void read_frames(int person)
{
    static char frame[MESSAGES_MAX + PAYLOAD_HEAD_MAX];
    struct client *p = people[person].client;

    if (!p)
        return;
    while (!p->drop && client_frame_room(p) > 0)
        check_frame(person, frame, client_frame(p, frame));
    if (client_close_due(p)) {
        p->socket = NULL;
        client_free(p);
        people[person].client = NULL;
    }
}

static void check_room(const char *id)
{
    const struct live_room *p = live_room_find(&the_shard, id);
    int guests = 0, by_invitation = 0;

    if (!p)
        return;
    for (size_t i = 0; i < p->room.count; i++) {
        const struct room_member *m = p->room.members[i];
        const struct seat *row = &the_store.rows[person_of(m->seat.id)];

        MUST(strcmp(m->seat.room_id, id) == 0 && seat_is_open(m->seat.state));
        MUST(m->connected == (seat_session_of(m)->client != NULL));
        MUST(m->connected == (m->seat.state == SEAT_INSIDE || m->seat.state == SEAT_WAITING));
        MUST(seat_is_inside(m->seat.state) == (row->state == SEAT_INSIDE) && m->seat.gen == row->gen);
        guests += seat_is_inside(m->seat.state) && m->seat.role == SEAT_GUEST;
        MUST(!m->seat.held || seat_is_waiting(m->seat.state));
        MUST(!m->seat.same_invitation || seat_is_waiting(m->seat.state));
        by_invitation += m->seat.invitation_id[0] && !m->seat.same_invitation;
    }
    MUST(room_inside(&p->room) <= p->room.view.capacity || p->room.view.revision == 0);
    MUST(by_invitation <= 1); /* one person's */
    MUST(guests == 0 || room_hosts_inside(&p->room) > 0 || p->room.view.guests_may_stay ||
         p->room.host_lost_ms > 0); /* then only until they are no longer expected back (room_host_gone) */
    MUST(p->asked_count <= ROOM_QUEUE_MAX + 8);
}

static void check_all(void)
{
    for (int i = 0; i < PEOPLE; i++)
        read_frames(i);
    check_room("ra");
    check_room("rb");
    MUST(atomic_load(&client_counters.queued_bytes) >= 0);
}

/* ---- steps ---- */

static void connect_as(int person)
{
    struct person *p = &people[person];

    if (p->client) {
        /* the older connection will be replaced; its last messages stay unread */
        p->client->socket = NULL;
        client_free(p->client);
    }
    p->client = client_new(&clients, room_of(person), "192.0.2.1", now_ms);
    p->client->socket = p;
    p->seq = -1;
}

static void join(int person)
{
    char text[TOKEN_MAX + 64];

    connect_as(person);
    people[person].inside_since = false;
    snprintf(text, sizeof text, "{\"type\":\"join\",\"token\":\"%s\"}", token_for(person));
    say(person, text);
}

static void resume(int person)
{
    char text[200];
    int64_t seq = people[person].seq;

    connect_as(person);
    snprintf(text, sizeof text, "{\"type\":\"join\",\"resume\":{\"ticket\":\"%s\",\"seq\":%lld}}",
             people[person].ticket, (long long)(seq < 0 ? 0 : seq));
    say(person, text);
}

static void cut(int person)
{
    if (!people[person].client)
        return;
    people[person].client->socket = NULL;
    client_free(people[person].client);
    people[person].client = NULL;
}

static void say_some(int person, uint8_t what, uint8_t about)
{
    static const char *const FORMS[] = {
        "{\"type\":\"admit\",\"participant\":\"p%d\"}",
        "{\"type\":\"deny\",\"participant\":\"p%d\"}",
        "{\"type\":\"hold\",\"participant\":\"p%d\",\"text\":\"wait\"}",
        "{\"type\":\"return\",\"participant\":\"p%d\"}",
        "{\"type\":\"remove\",\"participant\":\"p%d\"}",
        "{\"type\":\"remove\",\"participant\":\"p%d\",\"block\":true}",
        "{\"type\":\"signal\",\"to\":\"p%d\",\"data\":{\"x\":1}}",
        "{\"type\":\"signal\",\"to\":\"p%d\",\"to_instance\":1,\"data\":{}}",
        "{\"type\":\"chat\",\"to\":\"p%d\",\"text\":\"to one\"}",
        "{\"type\":\"chat\",\"text\":\"to all, %d\",\"id\":\"line\"}",
        "{\"type\":\"mute\",\"participant\":\"p%d\",\"kind\":\"audio\"}",
        "{\"type\":\"seen\",\"participant\":\"p%d\",\"seen\":true}",
        "{\"type\":\"mute\",\"participant\":\"*\",\"kind\":\"video\",\"x\":%d}",
        "{\"type\":\"status\",\"mic\":true,\"ready\":%d}",
        "{\"type\":\"room\",\"locked\":true,\"x\":%d}",
        "{\"type\":\"room\",\"locked\":false,\"x\":%d}",
        "{\"type\":\"ice\",\"n\":%d}",
        "{\"type\":\"end\",\"x\":%d}",
        "{\"type\":\"leave\",\"x\":%d}",
        "{\"type\":\"call\",\"x\":%d}",
        "{\"type\":\"room\",\"topology\":\"auto\",\"x\":%d}",
        "{\"type\":\"room\",\"locked\":true,\"waiting_room\":false,\"x\":%d}",
    };
    char text[200];

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wformat-nonliteral"
    snprintf(text, sizeof text, FORMS[what % (sizeof FORMS / sizeof *FORMS)], about % PEOPLE);
#pragma clang diagnostic pop
    say(person, text);
}

/* One step from at most `len` bytes; returns how many it took. */
static size_t step(const uint8_t *bytes, size_t len)
{
    int person = len > 1 ? bytes[1] % PEOPLE : 0;
    size_t raw;

    switch (bytes[0] % 12) {
    case 0: join(person); return 2;
    case 1: resume(person); return 2;
    case 2: cut(person); return 2;
    case 3: run_job(false); return 1;
    case 4: run_job(len > 1 && bytes[1] > 200); return 2;
    case 5: now_ms += len > 1 ? (int64_t)bytes[1] * 100 : 0; return 2;
    case 6:
        now_ms += len > 1 ? (int64_t)bytes[1] * 5000 : 0;
        clients_tick(&clients, now_ms);
        live_tick(&the_shard);
        return 2;
    case 7:
        raw = len > 3 ? bytes[2] : 0;
        raw = raw > len - 3 && len > 3 ? len - 3 : raw;
        if (people[person].client && len > 3)
            client_message(people[person].client, (const char *)bytes + 3, raw);
        return 3 + raw;
    default: say_some(person, len > 2 ? bytes[2] : 0, len > 3 ? bytes[3] : 0); return 4;
    }
}

static void begin(const struct hub_settings *settings)
{
    static const struct live_env ENV = {
        .shards = 1, .mono_ms = env_ms, .wall_ms = env_ms, .post_job = env_post_job, .post = env_post
    };
    static const struct client_env BELOW = { .mono_ms = env_ms, .wake = env_wake, .joined = env_joined };
    static const struct client_limits LIMITS = { .rate = { 50, 200 },
                                                 .queue_bytes = 512 * 1024,
                                                 .total_queue_bytes = 1 << 28 };

    memset(&the_store, 0, sizeof the_store);
    memset(people, 0, sizeof people);
    memset(&counters, 0, sizeof counters);
    memset(&client_counters, 0, sizeof client_counters);
    now_ms = 1790000000000;
    for (int i = 0; i < 2; i++) {
        struct room_rules *r = &the_store.rooms[i];

        snprintf(r->id, ID_SIZE, "%s", i ? "rb" : "ra");
        snprintf(r->owner_id, ID_SIZE, "u1");
        snprintf(r->name, NAME_SIZE, "Room");
        r->access = ROOM_LINK; /* one guest comes without an invitation */
        r->max_participants = i ? 12 : 2;
        r->waiting_room = i == 0;
        r->revision = 1;
    }
    clients_init(&clients, &BELOW, &LIMITS, &client_counters);
    live_init(&the_shard, &ENV, settings, &counters, &clients, "epoch");
}

static void finish(void)
{
    while (job_count > 0)
        run_job(false);
    check_all();
    for (int i = 0; i < PEOPLE; i++)
        cut(i);
    run_calls();
    MUST(atomic_load(&client_counters.sockets) == 0 && atomic_load(&client_counters.queued_bytes) == 0);
    live_clear(&the_shard);
    MUST(atomic_load(&counters.rooms) == 0);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    MUST(crypto_start(NULL) == ERR_OK);
    snprintf(ring.keys[0].kid, ID_SIZE, "key");
    crypto_sign_pair(ring.keys[0].public_key, ring.keys[0].secret_key);
    ring.count = 1;
    return 0;
}

/* First of all a normal call, so that a target that lets nobody in is noticed. */
static void check_target(const struct hub_settings *settings)
{
    begin(settings);
    join(0);
    run_job(false);
    join(2);
    run_job(false);
    say_some(0, 0, 2); /* admit */
    run_job(false);
    check_all();
    MUST(room_inside(&live_room_find(&the_shard, "ra")->room) == 2);
    finish();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    static bool checked;
    static const char *const URLS[] = { "turn:192.0.2.1:3478", NULL };
    static const uint8_t PARTICIPANT_KEY[KEY_BYTES] = { 7 };
    static const struct hub_settings SETTINGS = {
        .shards = 1,
        .public_url = PUBLIC_URL,
        .ring = &ring,
        .participant_key = PARTICIPANT_KEY,
        .turn_urls = URLS,
        .turn_secret = "secret",
    };

    if (!checked)
        check_target(&SETTINGS);
    checked = true;
    begin(&SETTINGS);
    for (size_t at = 0; at < len;) {
        at += step(bytes + at, len - at);
        check_all();
    }
    finish();
    return 0;
}

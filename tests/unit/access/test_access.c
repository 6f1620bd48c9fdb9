/* Access, sign-ins and limits, over the wire: the requests that reach a handler and those that do not. */
#include "tests/unit/http/small_server.h"

#include "access/access.h"
#include "access/access_session.h"
#include "tests/unit/access/fake_people.h"

#define HOUR_MS 3600000LL

static char cookie[128]; /* "Cookie: sid=…\r\n" */

/* Signs the fake user in as `role`, last seen this long ago. */
static void sign_in_as(enum user_role role, int64_t seen_ago_ms)
{
    char secret[SECRET_TEXT_SIZE];

    pthread_mutex_lock(&fake.lock);
    fake.user = (struct user){ .id = "user-1", .role = role, .state = USER_ACTIVE };
    fake.session = (struct session){ .id = "session-1", .user_id = "user-1", .seen_ms = clock_wall_ms() - seen_ago_ms };
    fake.session.expires_ms = clock_wall_ms() + HOUR_MS;
    fake.seen = fake.ended = fake.added = 0;
    crypto_new_secret(secret, fake.session.cookie_hash);
    snprintf(cookie, sizeof cookie, "Cookie: other=1; sid=%s; sidx=2\r\n", secret);
    pthread_mutex_unlock(&fake.lock);
}

static int status_for(const char *path)
{
    char line[64];

    snprintf(line, sizeof line, "GET /api/v1/%s", path);
    return status_of(ask(line, cookie, ""));
}

/* ---- a server with the guard before it ---- */

static enum err_code run_sign_in(struct call *c, struct err *e)
{
    struct session s;

    if (strcmp(json_text(http_request_body(c->request), "password", ""), "right") != 0)
        return err_set(e, ERR_AUTH, "wrong_password", "That is not the password");
    http_reply_json(c->reply, 200, json_object());
    return access_session_start(c, fake.user.id, &s, e);
}

static const struct field SIGN_IN_FIELDS[] = { { "password", FIELD_TEXT, .required = true, .max = 128 }, { 0 } };

static const struct route GUARDED[] = {
    { "GET", "/api/v1/hello/:name", ACCESS_ANYONE, .reads_only = true, .run = run_hello },
    { "GET", "/api/v1/early", ACCESS_ANYONE, .reads_only = true, .works_before_setup = true, .run = run_hello },
    { "GET", "/api/v1/user", ACCESS_USER, .reads_only = true, .run = run_hello },
    { "GET", "/api/v1/host", ACCESS_HOST, .reads_only = true, .run = run_hello },
    { "GET", "/api/v1/admin", ACCESS_ADMIN, .reads_only = true, .run = run_hello },
    { "POST", "/api/v1/echo", ACCESS_USER, .body = ECHO_FIELDS, .run = run_echo },
    { "POST", "/api/v1/session", ACCESS_ANYONE, .limit = LIMIT_SIGN_IN, .body = SIGN_IN_FIELDS, .run = run_sign_in },
    { 0 },
};
static struct access *rules;

static void open_practice(int rate_scale)
{
    struct http_settings settings = usual_settings();

    rules = access_new(rate_scale, NULL);
    settings.routes = GUARDED;
    settings.guard = &ACCESS_GUARD;
    settings.access = rules;
    fake.users = 1;
    start_with(&settings);
}

static void close_practice(void)
{
    stop();
    access_free(rules);
}

static void each_access_lets_in_its_own(void)
{
    static const struct {
        enum user_role role;
        int user, host, admin;
    } EXPECTED[] = { { USER_ADMIN, 200, 200, 200 }, { USER_HOST, 200, 200, 403 }, { USER_DESK, 200, 403, 403 } };

    open_practice(0);
    cookie[0] = '\0';
    CHECK_INT(status_for("user"), 401);
    CHECK(strstr(heard, "\"code\":\"not_signed_in\"") && strstr(heard, "WWW-Authenticate: "));
    CHECK_INT(status_for("host"), 401);
    CHECK_INT(status_for("admin"), 401);
    CHECK_INT(status_for("hello/x"), 200);
    for (size_t i = 0; i < 3; i++) {
        sign_in_as(EXPECTED[i].role, 0);
        CHECK_INT(status_for("user"), EXPECTED[i].user);
        CHECK_INT(status_for("host"), EXPECTED[i].host);
        CHECK_INT(status_for("admin"), EXPECTED[i].admin);
    }
    close_practice();
}

static void nothing_but_setup_works_before_the_first_account(void)
{
    open_practice(0);
    cookie[0] = '\0';
    fake.users = 0;
    CHECK_INT(status_for("hello/x"), 409);
    CHECK(strstr(heard, "\"code\":\"setup_due\"") != NULL);
    CHECK_INT(status_for("early"), 200);
    fake.users = 1;
    CHECK_INT(status_for("hello/x"), 200);
    close_practice();
}

static void a_body_from_a_stranger_is_not_read(void)
{
    char headers[512];

    open_practice(0);
    atomic_store(&ran, 0);
    CHECK_INT(status_of(post("POST /api/v1/echo", "{broken")), 401);
    sign_in_as(USER_HOST, 0);
    snprintf(headers, sizeof headers, "%s" OURS "Content-Length: 7\r\n", cookie);
    CHECK_INT(status_of(ask("POST /api/v1/echo", headers, "{broken")), 400);
    CHECK_INT(atomic_load(&ran), 0);
    close_practice();
}

static void idle_sign_ins_end_and_use_is_noted_once_a_minute(void)
{
    open_practice(0);
    sign_in_as(USER_HOST, 11 * HOUR_MS);
    CHECK_INT(status_for("user"), 200);
    CHECK_INT(fake.seen, 1);
    CHECK_INT(status_for("user"), 200);
    CHECK_INT(fake.seen, 1);
    sign_in_as(USER_HOST, 13 * HOUR_MS);
    CHECK_INT(status_for("user"), 401);
    CHECK(strstr(heard, "Set-Cookie: sid=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0") != NULL);
    CHECK_INT(fake.ended, 1);
    sign_in_as(USER_ADMIN, 59 * 60000);
    CHECK_INT(status_for("admin"), 200);
    sign_in_as(USER_ADMIN, 61 * 60000);
    CHECK_INT(status_for("admin"), 401);
    sign_in_as(USER_ADMIN, 61 * 60000);
    CHECK_INT(status_for("hello/x"), 200); /* open to anyone, so to a lapsed sign-in too */
    close_practice();
}

static void requests_that_a_page_makes_by_itself_keep_nobody_signed_in(void)
{
    char headers[512];

    open_practice(0);
    sign_in_as(USER_ADMIN, 59 * 60000);
    snprintf(headers, sizeof headers, "%sX-Parlour-Unattended: 1\r\n", cookie);
    CHECK_INT(status_of(ask("GET /api/v1/admin", headers, "")), 200);
    CHECK_INT(fake.seen, 0);
    CHECK_INT(status_for("admin"), 200);
    CHECK_INT(fake.seen, 1);
    sign_in_as(USER_ADMIN, 61 * 60000);
    snprintf(headers, sizeof headers, "%sX-Parlour-Unattended: 1\r\n", cookie);
    CHECK_INT(status_of(ask("GET /api/v1/admin", headers, "")), 401);
    close_practice();
}

static void foreign_cookies_sign_nobody_in(void)
{
    open_practice(0);
    sign_in_as(USER_ADMIN, 0);
    strcpy(cookie, "Cookie: sid=short\r\n");
    CHECK_INT(status_for("admin"), 401);
    strcpy(cookie, "Cookie: sid=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\r\n");
    CHECK_INT(status_for("admin"), 401);
    strcpy(cookie, "Cookie: sid\r\n");
    CHECK_INT(status_for("admin"), 401);
    close_practice();
}

static void signing_in_makes_a_new_secret_and_ends_the_old_one(void)
{
    char headers[300];
    const char *a, *set;
    char first[64] = "", second[64] = "";

    open_practice(0);
    sign_in_as(USER_HOST, 0);
    a = post("POST /api/v1/session", "{\"password\":\"right\"}");
    CHECK_INT(status_of(a), 200);
    set = strstr(a, "Set-Cookie: sid=");
    if (!CHECK(set != NULL))
        return;
    snprintf(first, sizeof first, "%.43s", set + 16);
    CHECK(strstr(set, "; Path=/; HttpOnly; SameSite=Lax; Max-Age=86400\r\n") != NULL);
    CHECK_INT(fake.ended, 0);
    snprintf(headers, sizeof headers, OURS "Cookie: sid=%s\r\nContent-Length: 20\r\n", first);
    a = ask("POST /api/v1/session", headers, "{\"password\":\"right\"}");
    CHECK_INT(status_of(a), 200);
    set = strstr(a, "Set-Cookie: sid=");
    if (CHECK(set != NULL))
        snprintf(second, sizeof second, "%.43s", set + 16);
    CHECK(strcmp(first, second) != 0);
    CHECK_INT(fake.ended, 1);
    CHECK_INT(fake.added, 2);
    close_practice();
}

static void only_failed_tries_are_counted(void)
{
    int refused = 0;

    open_practice(0);
    for (int i = 0; i < 40; i++)
        if (!CHECK_INT(status_of(post("POST /api/v1/session", "{\"password\":\"right\"}")), 200))
            break;
    for (int i = 0; i < 25; i++)
        refused += status_of(post("POST /api/v1/session", "{\"password\":\"wrong\"}")) == 429;
    CHECK_INT(refused, 5);
    CHECK(strstr(heard, "Retry-After: ") && strstr(heard, "\"code\":\"too_many_requests\""));
    CHECK_INT(status_of(post("POST /api/v1/session", "{\"password\":\"right\"}")), 429);
    close_practice();
}

static void the_scale_of_rates_is_a_setting(void)
{
    open_practice(10);
    for (int i = 0; i < 60; i++)
        if (!CHECK_INT(status_of(post("POST /api/v1/session", "{\"password\":\"wrong\"}")), 401))
            break;
    close_practice();
}

static const struct check_test TESTS[] = {
    TEST(each_access_lets_in_its_own),
    TEST(nothing_but_setup_works_before_the_first_account),
    TEST(a_body_from_a_stranger_is_not_read),
    TEST(idle_sign_ins_end_and_use_is_noted_once_a_minute),
    TEST(requests_that_a_page_makes_by_itself_keep_nobody_signed_in),
    TEST(foreign_cookies_sign_nobody_in),
    TEST(signing_in_makes_a_new_secret_and_ends_the_old_one),
    TEST(only_failed_tries_are_counted),
    TEST(the_scale_of_rates_is_a_setting),
    { 0 },
};
CHECK_MAIN(TESTS)

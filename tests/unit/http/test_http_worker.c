/* The queue of handlers: its bound, its order, and that those that hash passwords leave room for the others. */
#include "http/http_worker.h"
#include "tests/support/check.h"
#include "tests/unit/http/fake_store.h"

#include <poll.h>

const struct route ROUTES[] = { { 0 } };

static const struct route LIGHT = { .limit = LIMIT_API }, HEAVY = { .limit = LIMIT_SIGN_IN };

static atomic_bool go;
static atomic_int light_running, heavy_running, heavy_most, done;

static void work(struct http_exchange *x, struct store *s)
{
    atomic_int *running = x->route == &HEAVY ? &heavy_running : &light_running;
    int now = atomic_fetch_add(running, 1) + 1;

    (void)s;
    if (x->route == &HEAVY && now > atomic_load(&heavy_most))
        atomic_store(&heavy_most, now);
    while (!atomic_load(&go))
        poll(NULL, 0, 1);
    atomic_fetch_sub(running, 1);
    atomic_fetch_add(&done, 1);
}

static bool wait_for(const atomic_int *value, int wanted)
{
    for (int i = 0; i < 5000 && atomic_load(value) != wanted; i++)
        poll(NULL, 0, 1);
    return atomic_load(value) == wanted;
}

static void begin(int count, size_t queue, struct http_workers **w)
{
    struct err e;

    atomic_store(&go, false);
    atomic_store(&done, 0);
    atomic_store(&heavy_most, 0);
    CHECK_INT(http_workers_start(count, queue, NULL, work, w, &e), ERR_OK);
    CHECK_INT(atomic_load(&fake_handles), count);
}

static void a_full_queue_refuses_and_a_stop_finishes_what_waits(void)
{
    static struct http_exchange items[8];
    struct http_workers *w = NULL;

    begin(1, 3, &w);
    for (size_t i = 0; i < 8; i++)
        items[i].route = &LIGHT;
    CHECK_INT(http_workers_post(w, &items[0]), ERR_OK);
    CHECK(wait_for(&light_running, 1));
    for (size_t i = 1; i < 4; i++)
        CHECK_INT(http_workers_post(w, &items[i]), ERR_OK);
    CHECK_INT(http_workers_post(w, &items[4]), ERR_BUSY);
    atomic_store(&go, true);
    http_workers_stop(w);
    CHECK_INT(atomic_load(&done), 4);
    CHECK_INT(atomic_load(&fake_handles), 0);
    CHECK_INT(http_workers_post(w, &items[5]), ERR_BUSY);
    http_workers_stop(w);
    http_workers_free(w);
}

static void those_that_hash_take_at_most_half(void)
{
    static struct http_exchange heavy[10], light[2];
    struct http_workers *w = NULL;

    begin(4, 100, &w);
    for (size_t i = 0; i < 10; i++) {
        heavy[i].route = &HEAVY;
        CHECK_INT(http_workers_post(w, &heavy[i]), ERR_OK);
    }
    CHECK(wait_for(&heavy_running, 2));
    for (size_t i = 0; i < 2; i++) {
        light[i].route = &LIGHT;
        CHECK_INT(http_workers_post(w, &light[i]), ERR_OK);
    }
    CHECK(wait_for(&light_running, 2));
    atomic_store(&go, true);
    CHECK(wait_for(&done, 12));
    CHECK_INT(atomic_load(&heavy_most), 2);
    http_workers_free(w);
}

static void a_store_that_cannot_be_opened_is_an_error(void)
{
    struct http_workers *w = NULL;
    struct err e = { 0 };

    atomic_store(&fake_refuses, true);
    CHECK_INT(http_workers_start(2, 10, NULL, work, &w, &e), ERR_IO);
    CHECK_STR(e.code, "no_store");
    CHECK_INT(atomic_load(&fake_handles), 0);
    http_workers_free(NULL);
}

static const struct check_test TESTS[] = {
    TEST(a_full_queue_refuses_and_a_stop_finishes_what_waits),
    TEST(those_that_hash_take_at_most_half),
    TEST(a_store_that_cannot_be_opened_is_an_error),
    { 0 },
};
CHECK_MAIN(TESTS)

/* The queue of handlers: its bound, its order, and the separate lane for requests that hash passwords. */
#include "http/http_worker.h"

#include "domain/password.h"
#include "http/http_route.h"
#include "tests/support/check.h"
#include "tests/unit/http/fake_store.h"

#include <poll.h>
#include <pthread.h>

static const struct route LIGHT = { .limit = LIMIT_API }, HEAVY = { .hashes = true };

static atomic_bool go;
static atomic_int light_running, heavy_running, heavy_most, done, refused;

static bool work(struct http_exchange *x, struct store *s)
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
    return false;
}

static void refuse(struct http_exchange *x)
{
    (void)x;
    atomic_fetch_add(&refused, 1);
}

static bool wait_for(const atomic_int *value, int wanted)
{
    for (int i = 0; i < 5000 && atomic_load(value) != wanted; i++)
        poll(NULL, 0, 1);
    return atomic_load(value) == wanted;
}

static void begin(int count, size_t queue, struct http_workers **w)
{
    static const struct http_worker_calls CALLS = { work, refuse };
    struct err e;

    atomic_store(&go, false);
    atomic_store(&refused, 0);
    atomic_store(&done, 0);
    atomic_store(&heavy_most, 0);
    CHECK_INT(http_workers_start(count, queue, NULL, &CALLS, w, &e), ERR_OK);
    CHECK_INT(atomic_load(&fake_handles), count + PASSWORD_HASH_SLOTS);
}

static void a_full_queue_refuses_and_a_stop_finishes_waiting_requests(void)
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

static void requests_that_hash_leave_all_other_threads_to_the_others(void)
{
    static struct http_exchange heavy[10], light[2];
    struct http_workers *w = NULL;

    begin(2, 100, &w);
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
    CHECK_INT(atomic_load(&heavy_most), PASSWORD_HASH_SLOTS);
    http_workers_free(w);
}

static void a_full_line_of_requests_that_hash_refuses_nobody_else(void)
{
    static struct http_exchange heavy[400], light;
    struct http_workers *w = NULL;
    int busy = 0;

    begin(1, 1, &w);
    for (size_t i = 0; i < 400; i++) {
        heavy[i].route = &HEAVY;
        busy += http_workers_post(w, &heavy[i]) == ERR_BUSY;
    }
    CHECK(busy >= 200 && atomic_load(&refused) == 0); /* all of one site, so the newest give way */
    light.route = &LIGHT;
    CHECK_INT(http_workers_post(w, &light), ERR_OK);
    CHECK(wait_for(&light_running, 1));
    atomic_store(&go, true);
    http_workers_free(w);
}

static void *stop(void *w)
{
    http_workers_stop(w);
    return NULL;
}

static void requests_waiting_for_a_hash_do_not_delay_the_stop(void)
{
    static struct http_exchange heavy[10];
    struct http_workers *w = NULL;
    pthread_t stopper;

    begin(1, 1, &w);
    for (size_t i = 0; i < 10; i++) {
        heavy[i].route = &HEAVY;
        CHECK_INT(http_workers_post(w, &heavy[i]), ERR_OK);
    }
    CHECK(wait_for(&heavy_running, PASSWORD_HASH_SLOTS));
    CHECK_INT(pthread_create(&stopper, NULL, stop, w), 0);
    CHECK(wait_for(&fake_handles, PASSWORD_HASH_SLOTS)); /* the others have ended */
    atomic_store(&go, true);
    pthread_join(stopper, NULL);
    CHECK_INT(atomic_load(&done), PASSWORD_HASH_SLOTS);
    CHECK_INT(atomic_load(&refused), 10 - PASSWORD_HASH_SLOTS);
    http_workers_free(w);
}

static void a_store_that_cannot_be_opened_is_an_error(void)
{
    static const struct http_worker_calls CALLS = { work, refuse };
    struct http_workers *w = NULL;
    struct err e = { 0 };

    atomic_store(&fake_refuses, true);
    CHECK_INT(http_workers_start(2, 10, NULL, &CALLS, &w, &e), ERR_IO);
    CHECK_STR(e.code, "no_store");
    CHECK_INT(atomic_load(&fake_handles), 0);
    http_workers_free(NULL);
}

static const struct check_test TESTS[] = {
    TEST(a_full_queue_refuses_and_a_stop_finishes_waiting_requests),
    TEST(requests_that_hash_leave_all_other_threads_to_the_others),
    TEST(a_full_line_of_requests_that_hash_refuses_nobody_else),
    TEST(requests_waiting_for_a_hash_do_not_delay_the_stop),
    TEST(a_store_that_cannot_be_opened_is_an_error),
    { 0 },
};
CHECK_MAIN(TESTS)

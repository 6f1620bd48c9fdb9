#include <pthread.h>
#include <stdatomic.h>

#include "fixture.h"
#include "store/store_inside.h"
#include "store/store_worker.h"
#include "util/clock.h"

#define JOBS 300

/* A job's task and its result. */
struct task {
    struct board *board;
    int number;
    enum err_code fail; /* after writing: this result */
    enum err_code rc;   /* as done() was told */
    int done;           /* how often done() was called */
    int place;          /* in the order of done() */
    char code[40];      /* of the error that done() was told */
    bool visible;       /* another handle saw the row when done() was called */
};

struct board {
    struct store *reader; /* used in done() alone */
    pthread_mutex_t lock; /* held by the test to keep the worker busy */
    atomic_int finished;
    atomic_bool held; /* a blocking job has begun */
    struct task tasks[JOBS];
};

static enum err_code run(struct store *s, void *arg, struct err *e)
{
    struct task *t = arg;
    char name[16];
    enum err_code rc;

    snprintf(name, sizeof name, "n%d", t->number);
    rc = store_setting_set(s, name, "x", e);
    if (rc == ERR_OK && t->fail != ERR_OK)
        return err_set(e, t->fail, "told_to", "this job was told to fail");
    return rc;
}

static void done(void *arg, enum err_code rc, const struct err *e)
{
    struct task *t = arg;
    char name[16], value[8];

    snprintf(name, sizeof name, "n%d", t->number);
    t->rc = rc;
    snprintf(t->code, sizeof t->code, "%s", rc == ERR_OK ? "" : e->code);
    t->visible = store_setting_get(t->board->reader, name, value, sizeof value, NULL) == ERR_OK && value[0];
    t->done++;
    t->place = atomic_fetch_add(&t->board->finished, 1);
}

static enum err_code run_blocking(struct store *s, void *arg, struct err *e)
{
    struct board *b = arg;

    (void)s;
    (void)e;
    atomic_store(&b->held, true);
    pthread_mutex_lock(&b->lock);
    pthread_mutex_unlock(&b->lock);
    return ERR_OK;
}

static void done_blocking(void *arg, enum err_code rc, const struct err *e)
{
    (void)arg;
    (void)rc;
    (void)e;
}

static struct board *board_new(struct fixture *f)
{
    struct board *b = calloc(1, sizeof *b);

    pthread_mutex_init(&b->lock, NULL);
    CHECK_INT(store_open(f->db, &b->reader, &f->e), ERR_OK);
    for (int i = 0; i < JOBS; i++) {
        b->tasks[i].board = b;
        b->tasks[i].number = i;
    }
    return b;
}

static void board_free(struct board *b)
{
    store_close(b->reader);
    pthread_mutex_destroy(&b->lock);
    free(b);
}

static enum err_code post(struct store_worker *w, struct task *t)
{
    return store_worker_post(w, &(struct store_job){ .run = run, .done = done, .arg = t });
}

/* Keeps the worker in a job until board.lock is released, so that jobs posted now make one batch. */
static void hold(struct store_worker *w, struct board *b)
{
    int64_t end = clock_mono_ms() + 10000;

    pthread_mutex_lock(&b->lock);
    CHECK_INT(store_worker_post(w, &(struct store_job){ .run = run_blocking, .done = done_blocking, .arg = b }),
              ERR_OK);
    while (!atomic_load(&b->held) && clock_mono_ms() < end)
        sched_yield();
}

static void jobs_are_done_in_order_after_their_commit(void)
{
    struct fixture f = fixture_new();
    struct board *b = board_new(&f);
    struct store_worker *w;

    CHECK_INT(store_worker_start(f.db, JOBS, &w, &f.e), ERR_OK);
    for (int i = 0; i < JOBS; i++)
        CHECK_INT(post(w, &b->tasks[i]), ERR_OK);
    store_worker_stop(w); /* runs what is queued */
    for (int i = 0; i < JOBS; i++) {
        CHECK_INT(b->tasks[i].done, 1);
        CHECK_INT(b->tasks[i].rc, ERR_OK);
        CHECK_INT(b->tasks[i].place, i);
        CHECK(b->tasks[i].visible);
    }
    board_free(b);
    fixture_end(&f);
}

static void a_failing_job_is_undone_alone(void)
{
    struct fixture f = fixture_new();
    struct board *b = board_new(&f);
    struct store_worker *w;

    CHECK_INT(store_worker_start(f.db, JOBS, &w, &f.e), ERR_OK);
    b->tasks[3].fail = ERR_LIMIT;
    hold(w, b);
    for (int i = 0; i < 7; i++)
        CHECK_INT(post(w, &b->tasks[i]), ERR_OK);
    CHECK_INT(store_worker_depth(w), 7);
    pthread_mutex_unlock(&b->lock);
    store_worker_stop(w);
    for (int i = 0; i < 7; i++) {
        CHECK_INT(b->tasks[i].rc, i == 3 ? ERR_LIMIT : ERR_OK);
        CHECK_STR(b->tasks[i].code, i == 3 ? "told_to" : "");
        CHECK(b->tasks[i].visible == (i != 3));
    }
    board_free(b);
    fixture_end(&f);
}

static void a_full_queue_and_a_stopped_worker_refuse(void)
{
    struct fixture f = fixture_new();
    struct board *b = board_new(&f);
    struct store_worker *w;

    CHECK_INT(store_worker_start(f.db, 4, &w, &f.e), ERR_OK);
    hold(w, b);
    for (int i = 0; i < 4; i++)
        CHECK_INT(post(w, &b->tasks[i]), ERR_OK);
    CHECK_INT(post(w, &b->tasks[4]), ERR_BUSY);
    pthread_mutex_unlock(&b->lock);
    store_worker_stop(w);
    CHECK_INT(b->tasks[3].done, 1);
    CHECK_INT(b->tasks[4].done, 0);
    board_free(b);
    fixture_end(&f);
}

/* The transaction is gone under the jobs' feet, as SQLite does when the disk is full. */
static enum err_code run_lose_all(struct store *s, void *arg, struct err *e)
{
    CHECK_INT(run(s, arg, e), ERR_OK);
    CHECK_INT(db_exec(s->db->writer.db, "ROLLBACK", e), ERR_OK);
    return ERR_OK;
}

static void a_batch_that_is_lost_fails_every_job_of_it(void)
{
    struct fixture f = fixture_new();
    struct board *b = board_new(&f);
    struct store_worker *w;

    CHECK_INT(store_worker_start(f.db, JOBS, &w, &f.e), ERR_OK);
    b->tasks[1].fail = ERR_LIMIT;
    hold(w, b);
    CHECK_INT(post(w, &b->tasks[0]), ERR_OK);
    CHECK_INT(post(w, &b->tasks[1]), ERR_OK);
    CHECK_INT(store_worker_post(w, &(struct store_job){ .run = run_lose_all, .done = done, .arg = &b->tasks[2] }),
              ERR_OK);
    CHECK_INT(post(w, &b->tasks[3]), ERR_OK);
    pthread_mutex_unlock(&b->lock);
    store_worker_stop(w);
    for (int i = 0; i < 4; i++) {
        CHECK_INT(b->tasks[i].done, 1);
        CHECK_INT(b->tasks[i].rc, i == 1 ? ERR_LIMIT : ERR_IO);
        CHECK_STR(b->tasks[i].code, i == 1 ? "told_to" : "database_failed");
        CHECK(!b->tasks[i].visible);
    }
    board_free(b);
    fixture_end(&f);
}

static void a_write_that_cannot_begin_fails_every_job(void)
{
    struct fixture f = fixture_new();
    struct board *b = board_new(&f);
    struct store_worker *w;

    CHECK_INT(store_worker_start(f.db, JOBS, &w, &f.e), ERR_OK);
    store_note_failure(f.db, ERR_FULL); /* as after "disk full"; over a second later */
    for (int i = 0; i < 3; i++)
        CHECK_INT(post(w, &b->tasks[i]), ERR_OK);
    store_worker_stop(w);
    for (int i = 0; i < 3; i++) {
        CHECK_INT(b->tasks[i].rc, ERR_FULL);
        CHECK_STR(b->tasks[i].code, "storage_full");
    }
    board_free(b);
    fixture_end(&f);
}

/* Handles in threads of their own beside the worker: nothing is lost, nothing is mixed up. For the thread sanitizer. */
struct writer {
    struct fixture *f;
    int number;
    int failures;
};

static void write_and_read(struct writer *w, struct store *s, int i)
{
    char name[32], value[8];
    struct err e;

    snprintf(name, sizeof name, "t%d-%d", w->number, i);
    if (store_write_begin(s, &e) != ERR_OK || store_write_end(s, store_setting_set(s, name, "y", &e), &e) != ERR_OK)
        w->failures++;
    if (store_setting_get(s, name, value, sizeof value, &e) != ERR_OK || strcmp(value, "y") != 0)
        w->failures++;
}

static void *write_many(void *arg)
{
    struct writer *w = arg;
    struct store *s = NULL;

    if (store_open(w->f->db, &s, NULL) != ERR_OK) {
        w->failures++;
        return NULL;
    }
    for (int i = 0; i < 50; i++)
        write_and_read(w, s, i);
    store_close(s);
    return NULL;
}

static void threads_and_worker_write_side_by_side(void)
{
    struct fixture f = fixture_new();
    struct board *b = board_new(&f);
    struct store_worker *w;
    struct writer writers[4];
    pthread_t threads[4];

    CHECK_INT(store_worker_start(f.db, JOBS, &w, &f.e), ERR_OK);
    for (int i = 0; i < 4; i++) {
        writers[i] = (struct writer){ .f = &f, .number = i };
        pthread_create(&threads[i], NULL, write_many, &writers[i]);
    }
    for (int i = 0; i < JOBS; i++)
        CHECK_INT(post(w, &b->tasks[i]), ERR_OK);
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
        CHECK_INT(writers[i].failures, 0);
    }
    store_worker_stop(w);
    for (int i = 0; i < JOBS; i++)
        CHECK(b->tasks[i].rc == ERR_OK && b->tasks[i].visible);
    board_free(b);
    fixture_end(&f);
}

static const struct check_test TESTS[] = {
    TEST(jobs_are_done_in_order_after_their_commit),
    TEST(a_failing_job_is_undone_alone),
    TEST(a_full_queue_and_a_stopped_worker_refuse),
    TEST(a_batch_that_is_lost_fails_every_job_of_it),
    TEST(a_write_that_cannot_begin_fails_every_job),
    TEST(threads_and_worker_write_side_by_side),
    { 0 },
};
CHECK_MAIN(TESTS)

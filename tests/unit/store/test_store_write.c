/* Writes that stand in line share a commit; each still succeeds or fails by itself. */
#include <pthread.h>

#include "fixture.h"
#include "observe/metrics.h"
#include "store/store_inside.h"
#include "util/clock.h"

#define THREADS 6

/* One write in a thread of its own. */
struct writer {
    struct fixture f; /* shares the database, has a handle of its own */
    char name[16];
    enum err_code fail; /* after writing: this result */
    bool lose;          /* the database undoes everything, as when the disk is full */
    enum err_code rc;   /* result of the write */
    pthread_t thread;
};

static enum err_code run(struct writer *w)
{
    enum err_code rc = store_setting_set(w->f.s, w->name, "x", &w->f.e);

    if (w->lose)
        CHECK_INT(db_exec(w->f.db->writer.db, "ROLLBACK", NULL), ERR_OK);
    return rc == ERR_OK && w->fail != ERR_OK ? err_set(&w->f.e, w->fail, "told_to", "told to fail") : rc;
}

static void *write_once(void *arg)
{
    struct writer *w = arg;

    w->rc = WRITE(w->f, run(w));
    return NULL;
}

static size_t waiting(struct gate *g)
{
    size_t n = 0;

    pthread_mutex_lock(&g->lock);
    for (struct list *l = g->waiting.next; l != &g->waiting; l = l->next)
        n++;
    pthread_mutex_unlock(&g->lock);
    return n;
}

/* Puts the writers in line behind f, which is inside. */
static void line_up(struct fixture *f, struct writer *w, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int64_t end = clock_mono_ms() + 10000;

        w[i].f.db = f->db;
        snprintf(w[i].name, sizeof w[i].name, "n%d", (int)i);
        CHECK_INT(store_open(f->db, &w[i].f.s, &f->e), ERR_OK);
        pthread_create(&w[i].thread, NULL, write_once, &w[i]);
        while (waiting(&f->db->gate) != i + 1 && clock_mono_ms() < end)
            sched_yield();
    }
}

static void end_line(struct writer *w, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        pthread_join(w[i].thread, NULL);
        store_close(w[i].f.s);
    }
}

static bool has(struct fixture *f, const char *name)
{
    char value[8];

    return store_setting_get(f->s, name, value, sizeof value, NULL) == ERR_OK && value[0];
}

static void a_line_of_writes_costs_one_commit(void)
{
    struct fixture f = fixture_new();
    struct writer w[THREADS] = { { .fail = ERR_OK } };
    int64_t commits = metrics_value(METRIC_STORE_COMMITS);

    CHECK_INT(store_write_begin(f.s, &f.e), ERR_OK);
    CHECK_INT(store_setting_set(f.s, "first", "x", &f.e), ERR_OK);
    line_up(&f, w, THREADS);
    CHECK_INT(store_write_end(f.s, ERR_OK, &f.e), ERR_OK);
    CHECK(has(&f, "first") && has(&f, "n5")); /* all were committed before the first came back */
    end_line(w, THREADS);
    for (int i = 0; i < THREADS; i++)
        CHECK_INT(w[i].rc, ERR_OK);
    CHECK_INT(metrics_value(METRIC_STORE_COMMITS) - commits, 1);
    fixture_end(&f);
}

static void one_of_them_fails_alone(void)
{
    struct fixture f = fixture_new();
    struct writer w[3] = { { .fail = ERR_OK }, { .fail = ERR_FORBIDDEN }, { .fail = ERR_OK } };

    CHECK_INT(store_write_begin(f.s, &f.e), ERR_OK);
    CHECK_INT(store_setting_set(f.s, "first", "x", &f.e), ERR_OK);
    line_up(&f, w, 3);
    CHECK_INT(store_write_end(f.s, ERR_LIMIT, &f.e), ERR_LIMIT);
    end_line(w, 3);
    CHECK_INT(w[0].rc, ERR_OK);
    CHECK_INT(w[1].rc, ERR_FORBIDDEN);
    CHECK_STR(w[1].f.e.code, "told_to");
    CHECK_INT(w[2].rc, ERR_OK);
    CHECK(!has(&f, "first") && has(&f, "n0") && !has(&f, "n1") && has(&f, "n2"));
    fixture_end(&f);
}

static void the_last_one_failing_still_commits_the_others(void)
{
    struct fixture f = fixture_new();
    struct writer w[2] = { { .fail = ERR_OK }, { .fail = ERR_FORBIDDEN } };

    CHECK_INT(store_write_begin(f.s, &f.e), ERR_OK);
    line_up(&f, w, 2);
    CHECK_INT(store_write_end(f.s, store_setting_set(f.s, "first", "x", &f.e), &f.e), ERR_OK);
    end_line(w, 2);
    CHECK_INT(w[1].rc, ERR_FORBIDDEN);
    CHECK(has(&f, "first") && has(&f, "n0") && !has(&f, "n1"));
    fixture_end(&f);
}

static void a_lost_transaction_fails_all_writes_that_shared_it(void)
{
    struct fixture f = fixture_new();
    struct writer w[4] = { { .fail = ERR_OK }, { .fail = ERR_FORBIDDEN }, { .lose = true }, { .fail = ERR_OK } };

    CHECK_INT(store_write_begin(f.s, &f.e), ERR_OK);
    CHECK_INT(store_setting_set(f.s, "first", "x", &f.e), ERR_OK);
    line_up(&f, w, 4);
    CHECK_INT(store_write_end(f.s, ERR_OK, &f.e), ERR_IO);
    CHECK_STR(f.e.code, "database_failed");
    end_line(w, 4);
    CHECK_INT(w[0].rc, ERR_IO);
    CHECK_STR(w[0].f.e.code, "database_failed");
    CHECK_INT(w[1].rc, ERR_FORBIDDEN);
    CHECK_INT(w[2].rc, ERR_IO);
    CHECK_INT(w[3].rc, ERR_OK); /* came later, in a transaction of its own */
    CHECK(!has(&f, "first") && !has(&f, "n0") && !has(&f, "n1") && !has(&f, "n2") && has(&f, "n3"));
    fixture_end(&f);
}

static void *write_many(void *arg)
{
    struct writer *w = arg;

    for (int i = 0; i < 100; i++) {
        snprintf(w->name, sizeof w->name, "%d-%d", (int)w->fail, i);
        if (WRITE(w->f, store_setting_set(w->f.s, w->name, "x", &w->f.e)) != ERR_OK || !has(&w->f, w->name))
            w->rc = ERR_INTERNAL;
    }
    return NULL;
}

static void a_write_that_returned_is_committed(void)
{
    struct fixture f = fixture_new();
    struct writer w[THREADS] = { { .rc = ERR_OK } };

    for (int i = 0; i < THREADS; i++) {
        w[i].f.db = f.db;
        w[i].fail = (enum err_code)i; /* its number */
        CHECK_INT(store_open(f.db, &w[i].f.s, &f.e), ERR_OK);
        pthread_create(&w[i].thread, NULL, write_many, &w[i]);
    }
    end_line(w, THREADS);
    for (int i = 0; i < THREADS; i++)
        CHECK_INT(w[i].rc, ERR_OK);
    fixture_end(&f);
}

static void an_undone_write_writes_nothing(void)
{
    struct fixture f = fixture_new();
    char path[PATH_MAX];
    struct stat before, after;

    CHECK_INT(WRITE(f, store_setting_set(f.s, "a", "x", &f.e)), ERR_OK);
    CHECK_INT(stat(fixture_path(&f, "parlour.db-wal", path), &before), 0);
    CHECK_INT(store_write_begin(f.s, &f.e), ERR_OK);
    CHECK_INT(store_setting_set(f.s, "b", "x", &f.e), ERR_OK);
    CHECK_INT(store_write_end(f.s, ERR_LIMIT, &f.e), ERR_LIMIT);
    CHECK_INT(stat(path, &after), 0);
    CHECK_INT(after.st_size, before.st_size);
    CHECK(has(&f, "a") && !has(&f, "b"));
    fixture_end(&f);
}

static const struct check_test TESTS[] = {
    TEST(a_line_of_writes_costs_one_commit),
    TEST(one_of_them_fails_alone),
    TEST(the_last_one_failing_still_commits_the_others),
    TEST(a_lost_transaction_fails_all_writes_that_shared_it),
    TEST(a_write_that_returned_is_committed),
    TEST(an_undone_write_writes_nothing),
    { 0 },
};
CHECK_MAIN(TESTS)

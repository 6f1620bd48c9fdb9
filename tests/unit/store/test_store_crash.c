/* Acknowledged writes survive kill -9 at any moment. A child writes through the worker and through a handle of its own, and
 * reports on a pipe each acknowledged write; the parent kills it and checks. */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#include "fixture.h"
#include "store/db.h"
#include "store/store_audit.h"
#include "store/store_inside.h"
#include "store/store_worker.h"

#define ROUNDS 200
#define FRESH_EVERY 8 /* rounds on one database, so that kills hit its making as well as its growing */
#define RUN_MAX_US 15000
#define JOBS 200

/* The child's report on the pipe: this writer's seat of this number is durable. */
struct ack {
    int writer; /* 0 the worker, 1 the handle */
    int number;
};

struct child {
    struct store_db *db;
    int out; /* the pipe */
    int round;
};

struct job {
    struct child *child;
    struct ack ack;
};

static void name_seat(char id[ID_SIZE], int round, int writer, int number)
{
    snprintf(id, ID_SIZE, "r%d-%d-%d", round, writer, number);
}

/* A seat and its audit row: both or none. */
static enum err_code put_both(struct store *s, const struct job *j, struct err *e)
{
    struct audit_event v = { .action = AUDIT_SEAT_JOIN, .actor = "system", .at_ms = NOW_MS };
    struct seat t = make_seat("", "r1", SEAT_WAITING);
    enum err_code rc;

    name_seat(t.id, j->child->round, j->ack.writer, j->ack.number);
    memcpy(v.object, t.id, sizeof v.object);
    rc = store_seat_put(s, &t, e);
    return rc == ERR_OK ? store_audit_add(s, &v, e) : rc;
}

static void say(const struct job *j)
{
    if (write(j->child->out, &j->ack, sizeof j->ack) != sizeof j->ack)
        _exit(2);
}

static enum err_code run(struct store *s, void *arg, struct err *e)
{
    return put_both(s, arg, e);
}

static void done(void *arg, enum err_code rc, const struct err *e)
{
    (void)e;
    if (rc != ERR_OK)
        _exit(3);
    say(arg);
    free(arg);
}

static void *write_by_handle(void *arg)
{
    struct job j = { .child = arg, .ack = { .writer = 1 } };
    struct store *s = NULL;
    struct err e;

    if (store_open(j.child->db, &s, &e) != ERR_OK)
        _exit(4);
    for (;; j.ack.number++) {
        if (store_write_begin(s, &e) != ERR_OK || store_write_end(s, put_both(s, &j, &e), &e) != ERR_OK)
            _exit(5);
        say(&j);
    }
}

static void write_by_worker(struct child *c)
{
    struct store_worker *w = NULL;

    if (store_worker_start(c->db, JOBS, &w, NULL) != ERR_OK)
        _exit(6);
    for (int i = 0;; i++) {
        struct job *j = malloc(sizeof *j);

        *j = (struct job){ .child = c, .ack = { .number = i } };
        while (store_worker_post(w, &(struct store_job){ .run = run, .done = done, .arg = j }) != ERR_OK)
            sched_yield();
    }
}

static void make_first_rows(struct store *s)
{
    struct user u = make_user("u1", "one@example.org");
    struct room_rules r = make_room("r1", "u1", "room-one");
    struct err e;
    enum err_code rc = store_write_begin(s, &e);

    if (rc == ERR_OK)
        rc = store_user_add(s, &u, NULL, &e);
    if (rc == ERR_OK)
        rc = store_room_add(s, &r, &e);
    if (rc != ERR_OK || store_write_end(s, rc, &e) != ERR_OK)
        _exit(7);
}

static void be_killed(const char *folder, int round, int out)
{
    struct child c = { .out = out, .round = round };
    struct room_rules r;
    struct store *s = NULL;
    pthread_t thread;

    if (store_db_open(folder, NOW_MS, &c.db, NULL) != ERR_OK || store_open(c.db, &s, NULL) != ERR_OK)
        _exit(8);
    if (store_room_find(s, "r1", &r, NULL) != ERR_OK)
        make_first_rows(s);
    pthread_create(&thread, NULL, write_by_handle, &c);
    write_by_worker(&c);
}

/* highest[] is the last number of each writer, -1 none. False at the end of the pipe. */
static bool read_ack(int in, int highest[2])
{
    struct ack a;

    if (read(in, &a, sizeof a) != sizeof a)
        return false;
    CHECK_INT(a.number, highest[a.writer] + 1);
    highest[a.writer] = a.number;
    return true;
}

static int64_t run_and_kill(const char *folder, int round, unsigned run_us, int highest[2])
{
    struct timespec t = { .tv_nsec = (long)run_us * 1000 };
    int ends[2], status = 0;
    int64_t n = 0;
    pid_t child;

    CHECK_INT(pipe(ends), 0);
    child = fork();
    if (child == 0) {
        close(ends[0]);
        be_killed(folder, round, ends[1]);
    }
    close(ends[1]);
    fcntl(ends[0], F_SETPIPE_SZ, 1 << 20);
    highest[0] = highest[1] = -1;
    if (round % 2) /* some die while they open the database, the others in full work */
        n += read_ack(ends[0], highest);
    nanosleep(&t, NULL);
    kill(child, SIGKILL);
    while (read_ack(ends[0], highest))
        n++;
    close(ends[0]);
    CHECK_INT(waitpid(child, &status, 0), child);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    return n;
}

static int64_t number(struct fixture *f, const char *sql)
{
    struct db_stmt *s = NULL;
    int64_t n = -1;

    if (db_prepare(f->s->reader.db, sql, &s, NULL) == ERR_OK && db_step(s) == DB_ROW)
        n = db_column_i64(s, 0);
    db_finalize(s);
    return n;
}

static void check_survivors(struct fixture *f, int round, const int highest[2])
{
    struct audit_check c;
    char id[ID_SIZE];
    struct seat t;

    for (int writer = 0; writer < 2; writer++)
        for (int i = 0; i <= highest[writer]; i++) {
            name_seat(id, round, writer, i);
            if (!CHECK_INT(store_seat_find(f->s, id, &t, &f->e), ERR_OK))
                return;
        }
    CHECK_INT(store_audit_verify(f->s, NULL, &c, &f->e), ERR_OK);
    CHECK_INT(c.rows, number(f, "SELECT count(*) FROM seats"));
    CHECK_INT(db_check(f->db->writer.db, DB_CHECK_FULL, NULL, &f->e), ERR_OK);
}

static void nothing_acknowledged_is_lost_by_kill_9(void)
{
    unsigned seed = (unsigned)time(NULL);
    struct fixture f;
    int64_t acknowledged = 0;

    printf("seed %u\n", seed);
    for (int round = 0; round < ROUNDS && check_failures == 0; round++) {
        int highest[2];

        if (round % FRESH_EVERY == 0)
            fixture_folder(&f);
        acknowledged += run_and_kill(f.folder, round, (unsigned)rand_r(&seed) % RUN_MAX_US, highest);
        fixture_open(&f);
        check_survivors(&f, round, highest);
        fixture_shut(&f);
        if (round % FRESH_EVERY == FRESH_EVERY - 1 && check_failures == 0)
            fixture_end(&f);
    }
    printf("%d rounds, %lld acknowledged writes\n", ROUNDS, (long long)acknowledged);
    CHECK(acknowledged >= ROUNDS / 2);
}

static const struct check_test TESTS[] = {
    TEST(nothing_acknowledged_is_lost_by_kill_9),
    { 0 },
};
CHECK_MAIN(TESTS)

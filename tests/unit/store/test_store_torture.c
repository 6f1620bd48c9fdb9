/* Every call to the disk fails in turn: nothing acknowledged is lost, nothing crashes, and everything works again afterwards. */
#include "disk_shim.h"
#include "store/db.h"
#include "store/store_audit.h"
#include "store/store_inside.h"
#include "store/store_restore.h"
#include "store/store_worker.h"

#define WRITES 8
#define CALLS_MAX 2000 /* far more than the scenario makes */

struct outcome {
    bool acknowledged[WRITES + 1]; /* the last one by the worker */
};

static void name_row(char name[32], int i)
{
    snprintf(name, 32, "n%d", i);
}

static enum err_code put(struct store *s, int i, struct err *e)
{
    static char value[9001];
    struct audit_event v = { .action = AUDIT_SETTINGS, .actor = "system", .detail = "x", .at_ms = NOW_MS };
    char name[32];
    enum err_code rc;

    memset(value, 'x', sizeof value - 1);
    name_row(name, i);
    rc = store_setting_set(s, name, value, e);
    return rc == ERR_OK ? store_audit_add(s, &v, e) : rc;
}

static enum err_code run(struct store *s, void *arg, struct err *e)
{
    (void)arg;
    return put(s, WRITES, e);
}

static void done(void *arg, enum err_code rc, const struct err *e)
{
    (void)e;
    *(bool *)arg = rc == ERR_OK;
}

static void write_all(struct fixture *f, struct outcome *o)
{
    struct store_worker *w = NULL;
    char backup[PATH_MAX];

    (void)!db_exec(f->db->writer.db, "PRAGMA wal_autocheckpoint=8", NULL); /* so that checkpoints fail as well */
    for (int i = 0; i < WRITES; i++)
        o->acknowledged[i] = WRITE(*f, put(f->s, i, &f->e)) == ERR_OK;
    if (store_worker_start(f->db, 4, &w, &f->e) == ERR_OK) {
        CHECK_INT(
            store_worker_post(w, &(struct store_job){ .run = run, .done = done, .arg = &o->acknowledged[WRITES] }),
            ERR_OK);
        store_worker_stop(w);
    }
    (void)!fixture_backup(f, fixture_path(f, "backup", backup));
}

static void check_after(struct fixture *f, const struct outcome *o)
{
    struct restore_report report;
    static char value[9001];
    struct audit_check c;
    char name[32], backup[PATH_MAX];

    for (int i = 0; i <= WRITES; i++) {
        name_row(name, i);
        CHECK_INT(store_setting_get(f->s, name, value, sizeof value, &f->e), ERR_OK);
        CHECK(value[0] || !o->acknowledged[i]);
    }
    CHECK_INT(store_audit_verify(f->s, NULL, &c, &f->e), ERR_OK);
    CHECK_INT(db_check(f->db->writer.db, DB_CHECK_FULL, NULL, &f->e), ERR_OK);
    CHECK_INT(WRITE(*f, put(f->s, 0, &f->e)), ERR_OK);
    if (access(fixture_path(f, "backup", backup), F_OK) == 0) { /* a backup that exists is sound */
        fixture_shut(f);
        CHECK_INT(store_restore(f->folder, backup, NOW_MS, &report, &f->e), ERR_OK);
        fixture_open(f);
    }
}

/* False when the scenario makes fewer calls than that. */
static bool torture(int call, int count, int error)
{
    struct outcome o = { .acknowledged = { false } };
    struct fixture f;
    bool failed;

    fixture_folder(&f);
    shim_fail_from(call, count, error);
    if (fixture_try_open(&f) == ERR_OK)
        write_all(&f, &o);
    fixture_shut(&f);
    failed = shim_heal();
    fixture_open(&f);
    check_after(&f, &o);
    if (check_failures) {
        printf("call %d, %d times, errno %d, folder %s\n", call, count, error, f.folder);
        fixture_shut(&f);
    } else {
        fixture_end(&f);
    }
    return failed;
}

static void torture_each_call(int step, int count, int error)
{
    int call = 1;

    while (call < CALLS_MAX && check_failures == 0 && torture(call, count, error))
        call += step;
    CHECK(call > 50 && call < CALLS_MAX);
    printf("%d calls, each %s failed\n", call - 1, step == 1 ? "one" : "third");
}

static void one_input_output_error_anywhere_is_survived(void)
{
    torture_each_call(1, 1, EIO);
}

static void a_disk_that_is_full_from_anywhere_on_is_survived(void)
{
    torture_each_call(3, CALLS_MAX, ENOSPC);
}

static const struct check_test TESTS[] = {
    TEST(one_input_output_error_anywhere_is_survived),
    TEST(a_disk_that_is_full_from_anywhere_on_is_survived),
    { 0 },
};

int main(int argc, char **argv)
{
    if (freopen("/dev/null", "w", stderr) == NULL) /* thousands of failures are logged */
        return 1;
    return check_run(TESTS, argc, argv);
}

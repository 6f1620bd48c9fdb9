#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>

#include "fixture.h"
#include "store/db.h"
#include "store/store_inside.h"
#include "tests/support/apart.h"
#include "util/clock.h"

static enum err_code put(struct fixture *f, const char *name, const char *value)
{
    return WRITE(*f, store_setting_set(f->s, name, value, &f->e));
}

static bool has(struct fixture *f, const char *name)
{
    static char value[20000];

    return store_setting_get(f->s, name, value, sizeof value, NULL) == ERR_OK && value[0];
}

static void files_are_private_and_data_stays(void)
{
    struct fixture f = fixture_new();
    char path[PATH_MAX];
    struct stat st;

    CHECK_INT(put(&f, "a", "b"), ERR_OK);
    for (int i = 0; i < 3; i++) {
        CHECK_INT(stat(fixture_path(&f, (const char *[]){ "parlour.db", "parlour.db-wal", "lock" }[i], path), &st), 0);
        CHECK_INT(st.st_mode & 0777, 0600);
    }
    CHECK_INT(stat(f.folder, &st), 0);
    CHECK_INT(st.st_mode & 0777, 0700);
    CHECK(store_db_writable(f.db));
    fixture_shut(&f);
    CHECK_INT(access(fixture_path(&f, "parlour.db-wal", path), F_OK), -1);
    fixture_open(&f);
    CHECK(has(&f, "a"));
    fixture_end(&f);
}

static struct fixture locked; /* for the child of the next test */

static void expect_locked(void)
{
    struct fixture f = { .db = NULL };

    memcpy(f.folder, locked.folder, sizeof f.folder);
    CHECK_INT(fixture_try_open(&f), ERR_CONFLICT);
    CHECK_STR(f.e.code, "in_use");
}

static void a_second_process_is_locked_out(void)
{
    locked = fixture_new();
    check_apart(expect_locked);
    expect_locked(); /* nor twice in one process */
    CHECK_INT(put(&locked, "a", "b"), ERR_OK);
    fixture_end(&locked);
}

static void a_newer_database_is_refused_in_clear_words(void)
{
    struct fixture f = fixture_new();

    CHECK_INT(put(&f, "a", "b"), ERR_OK);
    CHECK_INT(db_exec(f.db->writer.db, "INSERT INTO schema_history VALUES (9999, '9999_future', 0)", &f.e), ERR_OK);
    fixture_shut(&f);
    CHECK_INT(fixture_try_open(&f), ERR_CONFLICT);
    CHECK_STR(f.e.code, "database_newer");
    CHECK(strstr(f.e.detail, "newer parlour") != NULL);
    CHECK_INT(fixture_try_open(&f), ERR_CONFLICT); /* the lock was given back */
    CHECK_STR(f.e.code, "database_newer");
    fixture_end(&f);
}

static void a_damaged_database_is_never_served(void)
{
    struct fixture f = fixture_new();
    char path[PATH_MAX], junk[512];
    int fd;

    CHECK_INT(put(&f, "a", "b"), ERR_OK);
    fixture_shut(&f);
    memset(junk, 0xee, sizeof junk);
    fd = open(fixture_path(&f, "parlour.db", path), O_WRONLY);
    CHECK_INT(pwrite(fd, junk, sizeof junk, 5 * 4096), sizeof junk);
    close(fd);
    CHECK_INT(fixture_try_open(&f), ERR_IO);
    CHECK_STR(f.e.code, "database_corrupt");
    CHECK(strstr(f.e.detail, "parlour restore FILE") != NULL);
    fixture_end(&f);
}

static void a_write_is_all_or_nothing(void)
{
    struct fixture f = fixture_new();
    struct store *other = NULL;
    struct err before;
    char value[8];

    CHECK_INT(store_open(f.db, &other, &f.e), ERR_OK);
    CHECK_INT(store_write_begin(f.s, &f.e), ERR_OK);
    CHECK_INT(store_setting_set(f.s, "a", "b", &f.e), ERR_OK);
    CHECK_INT(store_setting_get(other, "a", value, sizeof value, &f.e), ERR_OK);
    CHECK_STR(value, ""); /* not yet committed */
    CHECK_INT(store_write_end(f.s, ERR_OK, &f.e), ERR_OK);
    CHECK_INT(store_setting_get(other, "a", value, sizeof value, &f.e), ERR_OK);
    CHECK_STR(value, "b");
    CHECK_INT(store_write_begin(f.s, &f.e), ERR_OK);
    CHECK_INT(store_setting_set(f.s, "a", "c", &f.e), ERR_OK);
    err_set(&f.e, ERR_LOCKED, "room_locked", "words of the caller");
    before = f.e;
    CHECK_INT(store_write_end(f.s, ERR_LOCKED, &f.e), ERR_LOCKED);
    CHECK_MEM(&f.e, &before, sizeof before);
    CHECK_INT(store_setting_get(f.s, "a", value, sizeof value, &f.e), ERR_OK);
    CHECK_STR(value, "b");
    store_close(other);
    fixture_end(&f);
}

static void savepoints_undo_a_part(void)
{
    struct fixture f = fixture_new();

    CHECK_INT(store_write_begin(f.s, &f.e), ERR_OK);
    CHECK_INT(store_savepoint(f.s, &f.e), ERR_OK);
    CHECK_INT(store_savepoint_end(f.s, store_setting_set(f.s, "a", "1", &f.e), &f.e), ERR_OK);
    CHECK_INT(store_savepoint(f.s, &f.e), ERR_OK);
    CHECK_INT(store_setting_set(f.s, "b", "1", &f.e), ERR_OK);
    CHECK_INT(store_savepoint(f.s, &f.e), ERR_OK); /* one inside the other */
    CHECK_INT(store_setting_set(f.s, "c", "1", &f.e), ERR_OK);
    CHECK_INT(store_savepoint_end(f.s, ERR_OK, &f.e), ERR_OK);
    CHECK_INT(store_savepoint_end(f.s, ERR_LIMIT, &f.e), ERR_LIMIT);
    CHECK_INT(store_write_end(f.s, ERR_OK, &f.e), ERR_OK);
    CHECK(has(&f, "a") && !has(&f, "b") && !has(&f, "c"));
    fixture_end(&f);
}

static void a_write_that_the_database_undid_cannot_be_committed(void)
{
    struct fixture f = fixture_new();

    CHECK_INT(store_write_begin(f.s, &f.e), ERR_OK);
    CHECK_INT(store_setting_set(f.s, "a", "1", &f.e), ERR_OK);
    CHECK_INT(db_exec(f.db->writer.db, "ROLLBACK", &f.e), ERR_OK); /* as SQLite does by itself when the disk is full */
    CHECK_INT(store_setting_set(f.s, "b", "1", &f.e), ERR_IO);
    CHECK_INT(store_savepoint(f.s, &f.e), ERR_IO);
    CHECK_INT(store_write_end(f.s, ERR_OK, &f.e), ERR_IO);
    CHECK(!has(&f, "a") && !has(&f, "b"));
    CHECK_INT(put(&f, "c", "1"), ERR_OK);
    fixture_end(&f);
}

/* --- waiting -------------------------------------------------------------------------------------------------------- */

static void *write_one(void *arg)
{
    struct fixture *f = arg;

    return (void *)(intptr_t)put(f, "late", "1");
}

static void a_caller_that_waits_too_long_for_the_writer_gets_an_error(void)
{
    struct fixture f = fixture_new(), g = fixture_new(), second = { .e = { .code = "" } };
    struct db *outside = NULL;
    char path[PATH_MAX];
    pthread_t thread, other;
    void *inside_rc, *outside_rc;

    /* Both at once, each takes the five seconds: another handle holds the writer; another program holds the file. */
    second.db = f.db;
    CHECK_INT(store_open(f.db, &second.s, &f.e), ERR_OK);
    CHECK_INT(store_write_begin(f.s, &f.e), ERR_OK);
    CHECK_INT(db_open(fixture_path(&g, "parlour.db", path), DB_WRITE, &outside, &g.e), ERR_OK);
    CHECK_INT(db_exec(outside, "BEGIN IMMEDIATE", &g.e), ERR_OK);
    pthread_create(&thread, NULL, write_one, &second);
    pthread_create(&other, NULL, write_one, &g);
    pthread_join(thread, &inside_rc);
    pthread_join(other, &outside_rc);
    CHECK_INT((intptr_t)inside_rc, ERR_BUSY);
    CHECK_INT(second.e.retry_after_s, 1);
    CHECK_INT((intptr_t)outside_rc, ERR_BUSY);
    CHECK_STR(g.e.code, "database_busy");
    CHECK(store_db_writable(g.db));
    CHECK_INT(store_write_end(f.s, ERR_OK, &f.e), ERR_OK);
    CHECK_INT(db_exec(outside, "ROLLBACK", &g.e), ERR_OK);
    db_close(outside);
    CHECK_INT(put(&second, "a", "1"), ERR_OK);
    CHECK_INT(put(&g, "a", "1"), ERR_OK);
    store_close(second.s);
    fixture_end(&g);
    fixture_end(&f);
}

/* --- a full disk ---------------------------------------------------------------------------------------------------- */

static void wait_until_writable(struct fixture *f)
{
    int64_t end = clock_mono_ms() + 10000;
    struct timespec pause = { .tv_nsec = 10000000 };

    while (!store_db_writable(f->db) && clock_mono_ms() < end)
        nanosleep(&pause, NULL);
    CHECK(store_db_writable(f->db));
}

/* Writes until it fails; returns the number of acknowledged writes. */
static int write_until_full(struct fixture *f)
{
    static char value[16001];
    char name[16];
    int i = 0;

    memset(value, 'x', sizeof value - 1);
    for (; i < 2000; i++) {
        snprintf(name, sizeof name, "n%d", i);
        if (put(f, name, value) != ERR_OK)
            return i;
    }
    return i;
}

static void check_full_and_mended(struct fixture *f, void (*make_room_again)(struct fixture *f))
{
    int64_t from;
    char name[16];
    int acknowledged = write_until_full(f);

    CHECK(acknowledged > 0 && acknowledged < 2000);
    CHECK_INT(f->e.kind, ERR_FULL);
    CHECK_STR(f->e.code, "storage_full");
    CHECK(!store_db_writable(f->db));
    from = clock_mono_ms();
    CHECK_INT(put(f, "more", "x"), ERR_FULL); /* refused at once */
    CHECK(clock_mono_ms() - from < 500);
    CHECK(has(f, "n0")); /* reading goes on */
    make_room_again(f);
    wait_until_writable(f);
    CHECK_INT(put(f, "again", "x"), ERR_OK);
    fixture_shut(f);
    fixture_open(f);
    for (int i = 0; i < acknowledged; i++) {
        snprintf(name, sizeof name, "n%d", i);
        CHECK(has(f, name));
    }
    snprintf(name, sizeof name, "n%d", acknowledged);
    CHECK(!has(f, name) && has(f, "again"));
}

static void limit_file_size(rlim_t bytes)
{
    struct rlimit limit;

    getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = bytes;
    CHECK_INT(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void lift_limit(struct fixture *f)
{
    (void)f;
    limit_file_size(RLIM_INFINITY);
}

static void run_with_small_files(void)
{
    struct fixture f;

    signal(SIGXFSZ, SIG_IGN);
    f = fixture_new();
    limit_file_size(2 * 1024 * 1024);
    check_full_and_mended(&f, lift_limit);
    fixture_end(&f);
}

/* Own mounts: as root, or as root of a user namespace where those are allowed. */
static bool own_mounts(void)
{
    unsigned uid = getuid();
    char map[32];
    int fd;

    if (unshare(CLONE_NEWNS) == 0)
        return mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
    if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0)
        return false;
    snprintf(map, sizeof map, "0 %u 1", uid);
    fd = open("/proc/self/uid_map", O_WRONLY);
    if (fd < 0 || write(fd, map, strlen(map)) < 0)
        return false;
    close(fd);
    return true;
}

static void remount_larger(struct fixture *f)
{
    CHECK_INT(mount("tmpfs", f->folder, "tmpfs", MS_REMOUNT, "size=64m"), 0);
}

static void run_on_small_disk(void)
{
    struct fixture f;

    fixture_folder(&f);
    if (!own_mounts() || mount("tmpfs", f.folder, "tmpfs", 0, "size=2m,mode=0700") != 0) {
        printf("no own mounts allowed here: the test of the small disk is left to the file size limit\n");
        rmdir(f.folder);
        return;
    }
    fixture_open(&f);
    check_full_and_mended(&f, remount_larger);
    fixture_shut(&f);
    umount(f.folder);
    rmdir(f.folder);
}

static void a_full_disk_refuses_writes_loses_nothing_and_mends_itself(void)
{
    check_apart(run_on_small_disk);
}

static void a_limit_on_file_sizes_is_a_full_disk_too(void)
{
    check_apart(run_with_small_files);
}

/* --- damage --------------------------------------------------------------------------------------------------------- */

static void put_file(struct fixture *f, const char *name, const char *content)
{
    char path[PATH_MAX];
    FILE *to = fopen(fixture_path(f, name, path), "w");

    fputs(content, to);
    fclose(to);
}

static void a_lost_database_does_not_become_a_new_practice(void)
{
    static const char *const SIGNS[] = { "master.key", "parlour.db.before-1" };
    char path[PATH_MAX];

    for (size_t i = 0; i < sizeof SIGNS / sizeof *SIGNS; i++)
        for (int form = 0; form < 3; form++) { /* missing, of no bytes, without a table */
            struct fixture f;
            struct db *c = NULL;

            fixture_folder(&f);
            fixture_path(&f, "parlour.db", path);
            if (form == 1)
                put_file(&f, "parlour.db", "");
            put_file(&f, SIGNS[i], "x");
            if (form == 2) {
                put_file(&f, "parlour.db", "");
                CHECK_INT(db_open(path, DB_ALONE, &c, &f.e), ERR_OK);
                CHECK_INT(db_exec(c, "CREATE TABLE t (x); DROP TABLE t", &f.e), ERR_OK);
                db_close(c);
            }
            CHECK_INT(fixture_try_open(&f), ERR_IO);
            CHECK_STR(f.e.code, "database_lost");
            CHECK(strstr(f.e.detail, "parlour restore FILE") != NULL);
            CHECK_INT(access(path, F_OK), form == 0 ? -1 : 0); /* nothing was made */
            fixture_end(&f);
        }
}

static void a_start_that_ended_before_its_first_table_goes_on(void)
{
    struct fixture f;

    fixture_folder(&f);
    put_file(&f, "parlour.db", "");
    fixture_open(&f);
    fixture_end(&f);
}

static void a_database_of_another_program_is_refused_and_stays_as_it_is(void)
{
    struct fixture f;
    struct db *c = NULL;
    char path[PATH_MAX];

    fixture_folder(&f);
    put_file(&f, "parlour.db", "");
    CHECK_INT(db_open(fixture_path(&f, "parlour.db", path), DB_ALONE, &c, &f.e), ERR_OK);
    CHECK_INT(db_exec(c, "CREATE TABLE theirs (x)", &f.e), ERR_OK);
    db_close(c);
    CHECK_INT(fixture_try_open(&f), ERR_INVALID);
    CHECK_STR(f.e.code, "not_parlour");
    fixture_end(&f);
}

static void the_checks_are_counted(void)
{
    struct fixture f = fixture_new();
    struct store_checks at_start, later;

    store_db_checks(f.db, &at_start);
    CHECK_INT(at_start.done, 1);
    CHECK(at_start.whole_ms > 0);
    upkeep_check(f.db);
    store_db_checks(f.db, &later);
    CHECK_INT(later.done, 2);
    CHECK_INT(later.failed, 0);
    CHECK(later.whole_ms >= at_start.whole_ms);
    CHECK(!later.damaged);
    fixture_end(&f);
}
static void damage_found_later_stops_the_writes(void)
{
    struct fixture f = fixture_new();
    struct store_checks checks;
    char path[PATH_MAX], junk[4096];
    int fd;

    CHECK_INT(put(&f, "a", "b"), ERR_OK);
    CHECK_INT(db_exec(f.db->writer.db, "PRAGMA wal_checkpoint(PASSIVE)", &f.e), ERR_OK);
    upkeep_check(f.db);
    CHECK(store_db_writable(f.db));
    memset(junk, 0xee, sizeof junk);
    fd = open(fixture_path(&f, "parlour.db", path), O_WRONLY);
    CHECK_INT(pwrite(fd, junk, sizeof junk, 20 * 4096), sizeof junk);
    close(fd);
    CHECK_INT(db_exec(f.db->writer.db, "PRAGMA wal_checkpoint(TRUNCATE)", &f.e), ERR_OK);
    upkeep_check(f.db);
    CHECK(!store_db_writable(f.db));
    CHECK_INT(put(&f, "a", "c"), ERR_IO);
    CHECK_STR(f.e.code, "database_corrupt");
    store_db_checks(f.db, &checks);
    CHECK_INT(checks.failed, 1);
    CHECK(checks.damaged);
    fixture_end(&f);
}

/* The log as a crash in the middle of a commit can leave it: its end missing, or holding anything. */
static void copy_crashed(struct fixture *from, struct fixture *to)
{
    char command[300];

    snprintf(command, sizeof command, "rm -f %s/* && cp %s/parlour.db %s/parlour.db-wal %s/", to->folder, from->folder,
             from->folder, to->folder);
    CHECK_INT(system(command), 0);
}

static int rows_in_order(struct fixture *f, int most)
{
    char name[16];
    int n = 0;

    for (; n < most; n++) {
        snprintf(name, sizeof name, "n%d", n);
        if (!has(f, name))
            break;
    }
    for (int i = n; i < most; i++) { /* the rows are a beginning without gaps */
        snprintf(name, sizeof name, "n%d", i);
        CHECK(!has(f, name));
    }
    return n;
}

static void a_torn_log_gives_the_commits_before_the_tear(void)
{
    struct fixture f = fixture_new(), crashed;
    char path[PATH_MAX], name[16];
    off_t size_after[21];
    struct stat st;

    fixture_path(&f, "parlour.db-wal", path);
    for (int i = 0; i < 20; i++) {
        CHECK_INT(stat(path, &st), 0);
        size_after[i] = st.st_size; /* with i rows */
        snprintf(name, sizeof name, "n%d", i);
        CHECK_INT(put(&f, name, "x"), ERR_OK);
    }
    CHECK_INT(stat(path, &st), 0);
    size_after[20] = st.st_size;
    fixture_folder(&crashed);
    for (int cut = 0; cut < 60; cut++) {
        off_t at = size_after[20] - 1 - (off_t)cut * 1499;
        bool flip = cut % 2;
        int fd, rows, safe = 0;

        copy_crashed(&f, &crashed);
        fixture_path(&crashed, "parlour.db-wal", path);
        fd = open(path, O_RDWR);
        if (flip)
            CHECK_INT(pwrite(fd, "\x5a\xa5\x5a", 3, at), 3);
        else
            CHECK_INT(ftruncate(fd, at), 0);
        close(fd);
        while (safe < 20 && size_after[safe + 1] <= at)
            safe++;
        fixture_open(&crashed);
        rows = rows_in_order(&crashed, 20);
        CHECK(rows >= safe);
        CHECK_INT(put(&crashed, "on", "x"), ERR_OK);
        fixture_shut(&crashed);
    }
    fixture_end(&crashed);
    fixture_end(&f);
}

static const struct check_test TESTS[] = {
    TEST(files_are_private_and_data_stays),
    TEST(a_second_process_is_locked_out),
    TEST(a_newer_database_is_refused_in_clear_words),
    TEST(a_damaged_database_is_never_served),
    TEST(a_write_is_all_or_nothing),
    TEST(savepoints_undo_a_part),
    TEST(a_write_that_the_database_undid_cannot_be_committed),
    TEST(a_caller_that_waits_too_long_for_the_writer_gets_an_error),
    TEST(a_full_disk_refuses_writes_loses_nothing_and_mends_itself),
    TEST(a_limit_on_file_sizes_is_a_full_disk_too),
    TEST(a_lost_database_does_not_become_a_new_practice),
    TEST(a_start_that_ended_before_its_first_table_goes_on),
    TEST(a_database_of_another_program_is_refused_and_stays_as_it_is),
    TEST(the_checks_are_counted),
    TEST(damage_found_later_stops_the_writes),
    TEST(a_torn_log_gives_the_commits_before_the_tear),
    { 0 },
};
CHECK_MAIN(TESTS)

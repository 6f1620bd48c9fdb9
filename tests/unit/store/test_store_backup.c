#include <fcntl.h>
#include <sys/statvfs.h>

#include "fixture.h"
#include "store/db.h"
#include "store/store_files.h"
#include "store/store_inside.h"
#include "store/store_restore.h"

static struct restore_report report;

static void add_user(struct fixture *f, const char *id)
{
    char email[64];
    struct user u;

    snprintf(email, sizeof email, "%s@example.org", id);
    u = make_user(id, email);
    CHECK_INT(WRITE(*f, store_user_add(f->s, &u, NULL, &f->e)), ERR_OK);
}

static bool has_user(struct fixture *f, const char *id)
{
    struct user u;

    return store_user_by_id(f->s, id, &u, &f->e) == ERR_OK;
}

static int files_like(const struct fixture *f, const char *part)
{
    DIR *d = opendir(f->folder);
    struct dirent *entry;
    int n = 0;

    while (d && (entry = readdir(d)))
        n += strstr(entry->d_name, part) != NULL;
    if (d)
        closedir(d);
    return n;
}

static void backed_up_data_comes_back(void)
{
    struct fixture f = fixture_new();
    char backup[PATH_MAX];
    struct stat st;

    fixture_path(&f, "backup", backup);
    add_user(&f, "u1");
    CHECK_INT(fixture_backup(&f, backup), ERR_OK);
    CHECK_INT(stat(backup, &st), 0);
    CHECK_INT(st.st_mode & 0777, 0600);
    add_user(&f, "u2");
    CHECK_INT(fixture_backup(&f, backup), ERR_CONFLICT);
    CHECK_STR(f.e.code, "exists");
    CHECK_INT(store_restore(f.folder, backup, NOW_MS, &report, &f.e), ERR_CONFLICT); /* while it is in use */
    CHECK_STR(f.e.code, "in_use");
    fixture_shut(&f);
    CHECK_INT(store_restore(f.folder, backup, NOW_MS, &report, &f.e), ERR_OK);
    CHECK_INT(files_like(&f, ".new-"), 0);
    CHECK_INT(files_like(&f, "-wal"), 0);
    fixture_open(&f);
    CHECK(has_user(&f, "u1"));
    CHECK(!has_user(&f, "u2"));
    fixture_end(&f);
}

static void the_old_file_stays_complete_beside_it(void)
{
    struct fixture f = fixture_new(), old;
    char backup[PATH_MAX], before[PATH_MAX], to[PATH_MAX];

    fixture_path(&f, "backup", backup);
    CHECK_INT(fixture_backup(&f, backup), ERR_OK);
    add_user(&f, "u2");
    fixture_shut(&f);
    CHECK_INT(store_restore(f.folder, backup, NOW_MS, &report, &f.e), ERR_OK);
    CHECK_INT(store_restore(f.folder, backup, NOW_MS, &report, &f.e), ERR_OK);
    CHECK_INT(files_like(&f, ".before-"), 2);
    fixture_folder(&old);
    CHECK_INT(rename(fixture_path(&f, "parlour.db.before-1", before), fixture_path(&old, "parlour.db", to)), 0);
    fixture_open(&old);
    CHECK(has_user(&old, "u2"));
    fixture_end(&old);
    fixture_end(&f);
}

/* A copy of the three files as they lie there in the middle of work, as kill -9 leaves them. */
static void copy_live_files(struct fixture *from, struct fixture *to)
{
    char command[300];

    snprintf(command, sizeof command, "cp %s/parlour.db %s/parlour.db-wal %s/", from->folder, from->folder, to->folder);
    CHECK_INT(system(command), 0);
}

static void a_log_left_by_a_crash_goes_to_the_old_file_and_never_to_the_new(void)
{
    struct fixture f = fixture_new(), crashed;
    char backup[PATH_MAX], path[PATH_MAX];

    fixture_path(&f, "backup", backup);
    CHECK_INT(fixture_backup(&f, backup), ERR_OK);
    add_user(&f, "u2");
    fixture_folder(&crashed);
    copy_live_files(&f, &crashed);
    CHECK_INT(store_restore(crashed.folder, backup, NOW_MS, &report, &f.e), ERR_OK);
    CHECK_INT(access(fixture_path(&crashed, "parlour.db-wal", path), F_OK), -1);
    fixture_open(&crashed);
    CHECK(!has_user(&crashed, "u2"));
    fixture_shut(&crashed);
    CHECK_INT(rename(fixture_path(&crashed, "parlour.db.before-1", backup), fixture_path(&crashed, "parlour.db", path)),
              0);
    fixture_open(&crashed);
    CHECK(has_user(&crashed, "u2")); /* it was only in the log */
    fixture_end(&crashed);
    fixture_end(&f);
}

static void a_damaged_database_is_replaced_and_kept(void)
{
    struct fixture f = fixture_new();
    char backup[PATH_MAX], path[PATH_MAX];

    fixture_path(&f, "backup", backup);
    add_user(&f, "u1");
    CHECK_INT(fixture_backup(&f, backup), ERR_OK);
    fixture_shut(&f);
    CHECK_INT(truncate(fixture_path(&f, "parlour.db", path), 5000), 0);
    CHECK_INT(fixture_try_open(&f), ERR_IO);
    CHECK_STR(f.e.code, "database_corrupt");
    CHECK(strstr(f.e.detail, "parlour restore") != NULL);
    CHECK_INT(store_restore(f.folder, backup, NOW_MS, &report, &f.e), ERR_OK);
    CHECK_INT(files_like(&f, ".before-1"), 1);
    fixture_open(&f);
    CHECK(has_user(&f, "u1"));
    fixture_end(&f);
}

static void a_file_that_is_not_a_sound_backup_is_refused(void)
{
    struct fixture f = fixture_new();
    char backup[PATH_MAX], junk[PATH_MAX];
    struct stat st;
    struct db *c = NULL;

    add_user(&f, "u1");
    fixture_path(&f, "backup", backup);
    CHECK_INT(fixture_backup(&f, backup), ERR_OK);
    fixture_shut(&f);
    CHECK_INT(stat(backup, &st), 0);
    CHECK_INT(truncate(backup, st.st_size - 4096), 0);
    CHECK_INT(store_restore(f.folder, backup, NOW_MS, &report, &f.e), ERR_IO);
    CHECK_STR(f.e.code, "database_corrupt");
    CHECK_INT(store_restore(f.folder, "/nowhere/backup", NOW_MS, &report, &f.e), ERR_NOT_FOUND);
    fclose(fopen(fixture_path(&f, "junk", junk), "w")); /* an empty file is an empty database to SQLite */
    CHECK_INT(store_restore(f.folder, junk, NOW_MS, &report, &f.e), ERR_INVALID);
    CHECK_STR(f.e.code, "not_parlour");
    CHECK_INT(db_open(junk, DB_ALONE, &c, &f.e), ERR_OK);
    CHECK_INT(db_exec(c,
                      "CREATE TABLE schema_history (number INTEGER, name TEXT, applied_ms BIGINT); INSERT INTO "
                      "schema_history VALUES (9999, 'x', 0)",
                      &f.e),
              ERR_OK);
    db_close(c);
    CHECK_INT(store_restore(f.folder, junk, NOW_MS, &report, &f.e), ERR_CONFLICT);
    CHECK_STR(f.e.code, "database_newer");
    CHECK_INT(files_like(&f, ".new-"), 0);
    CHECK_INT(files_like(&f, ".before-"), 0);
    fixture_open(&f);
    CHECK(has_user(&f, "u1"));
    fixture_end(&f);
}

static void a_backup_goes_into_a_new_folder(void)
{
    struct fixture f = fixture_new(), other;
    char backup[PATH_MAX], deeper[64];

    add_user(&f, "u1");
    fixture_path(&f, "backup", backup);
    CHECK_INT(fixture_backup(&f, backup), ERR_OK);
    CHECK_INT(fixture_backup(&f, "/nowhere/backup"), ERR_NOT_FOUND);
    fixture_folder(&other);
    rmdir(other.folder);
    snprintf(deeper, sizeof deeper, "%.50s", other.folder);
    CHECK_INT(store_restore(deeper, backup, NOW_MS, &report, &f.e), ERR_OK);
    fixture_open(&other);
    CHECK(has_user(&other, "u1"));
    fixture_end(&other);
    fixture_end(&f);
}

static void a_copy_that_was_cut_short_is_swept_away_at_the_next_start(void)
{
    struct fixture f = fixture_new();
    char path[PATH_MAX];

    fclose(fopen(fixture_path(&f, "parlour.db.new-0123456789ab", path), "w"));
    fclose(fopen(fixture_path(&f, "parlour.db.new-0123456789ab-journal", path), "w"));
    fclose(fopen(fixture_path(&f, "parlour.db.new-2026-11-29", path), "w")); /* somebody's */
    fclose(fopen(fixture_path(&f, "parlour.db.new-0123456789abc", path), "w"));
    fclose(fopen(fixture_path(&f, "parlour.db.before-7", path), "w"));
    fixture_shut(&f);
    fixture_open(&f);
    CHECK_INT(files_like(&f, ".new-0123456789ab"), 1);
    CHECK_INT(files_like(&f, ".new-2026-11-29"), 1);
    CHECK_INT(files_like(&f, ".before-7"), 1);
    fixture_end(&f);
}

static void a_copy_that_would_fill_the_disk_is_not_begun(void)
{
    struct fixture f = fixture_new();
    struct statvfs fs;

    CHECK_INT(statvfs(f.folder, &fs), 0);
    CHECK_INT(files_check_room(f.db->file, 4096, &f.e), ERR_OK);
    CHECK_INT(files_check_room(f.db->file, (int64_t)(fs.f_bavail * fs.f_frsize), &f.e), ERR_FULL);
    CHECK_STR(f.e.code, "storage_full");
    CHECK(strstr(f.e.detail, f.folder) != NULL);
    fixture_end(&f);
}

static void a_backup_copy_has_no_name_and_nobody_can_change_it(void)
{
    struct fixture f = fixture_new();
    struct stat st;
    int fd = -1;

    add_user(&f, "u1");
    CHECK_INT(store_backup_take(f.s, &fd, &f.e), ERR_OK);
    CHECK_INT(files_like(&f, ".new-"), 0);
    CHECK_INT(fstat(fd, &st), 0);
    CHECK_INT(st.st_nlink, 0);
    CHECK_INT(write(fd, "x", 1), -1);
    close(fd);
    fixture_end(&f);
}

static const struct check_test TESTS[] = {
    TEST(backed_up_data_comes_back),
    TEST(the_old_file_stays_complete_beside_it),
    TEST(a_log_left_by_a_crash_goes_to_the_old_file_and_never_to_the_new),
    TEST(a_damaged_database_is_replaced_and_kept),
    TEST(a_file_that_is_not_a_sound_backup_is_refused),
    TEST(a_backup_goes_into_a_new_folder),
    TEST(a_copy_that_was_cut_short_is_swept_away_at_the_next_start),
    TEST(a_copy_that_would_fill_the_disk_is_not_begun),
    TEST(a_backup_copy_has_no_name_and_nobody_can_change_it),
    { 0 },
};
CHECK_MAIN(TESTS)

/* A power cut at any moment: acknowledged writes are there, others are there completely or not at all. */
#include <time.h>

#include "disk_shim.h"
#include "store/db.h"
#include "store/store_audit.h"
#include "store/store_inside.h"

#define RUNS 20
#define CUTS 10 /* a run */
#define WRITES 40

static struct cut {
    char folder[64];
    int acknowledged; /* writes by then */
    int begun;
} cuts[CUTS];
static int cut_count;
static int acknowledged, begun;
static const char *live;
static unsigned seed;

static void cut_now_and_then(void)
{
    struct fixture f;
    struct cut *c = &cuts[cut_count];

    if (cut_count == CUTS || rand_r(&seed) % 24)
        return;
    fixture_folder(&f);
    memcpy(c->folder, f.folder, sizeof c->folder);
    c->acknowledged = acknowledged;
    c->begun = begun;
    cut_count++;
    shim_snapshot(live, c->folder, &seed);
}

static enum err_code put(struct fixture *f, int i)
{
    struct audit_event v = { .action = AUDIT_SETTINGS, .actor = "system", .at_ms = NOW_MS };
    char name[16], value[2000];
    enum err_code rc;

    memset(value, 'x', sizeof value);
    value[1 + (size_t)(rand_r(&seed) % 1900)] = '\0';
    snprintf(name, sizeof name, "n%d", i);
    rc = store_setting_set(f->s, name, value, &f->e);
    return rc == ERR_OK ? store_audit_add(f->s, &v, &f->e) : rc;
}

static void write_under_cuts(void)
{
    struct fixture f = fixture_new();

    cut_count = acknowledged = begun = 0;
    live = f.folder;
    CHECK_INT(db_exec(f.db->writer.db, "PRAGMA wal_autocheckpoint=12", &f.e), ERR_OK);
    shim.on_call = cut_now_and_then;
    shim.recording = true;
    for (int i = 0; i < WRITES; i++) {
        begun++;
        CHECK_INT(WRITE(f, put(&f, i)), ERR_OK);
        acknowledged++;
    }
    shim.recording = false;
    shim.on_call = NULL;
    fixture_end(&f);
}

static void check_cut(const struct cut *c)
{
    struct fixture f = { .db = NULL };
    struct audit_check chain;
    char name[16], value[2000];
    int rows = 0;

    memcpy(f.folder, c->folder, sizeof f.folder);
    fixture_open(&f);
    for (int i = 0; i < WRITES; i++) {
        snprintf(name, sizeof name, "n%d", i);
        CHECK_INT(store_setting_get(f.s, name, value, sizeof value, &f.e), ERR_OK);
        CHECK(value[0] || i >= c->acknowledged);
        rows += value[0] != '\0';
    }
    CHECK(rows <= c->begun);
    CHECK_INT(store_audit_verify(f.s, NULL, &chain, &f.e), ERR_OK);
    CHECK_INT(chain.rows, rows);
    CHECK_INT(db_check(f.db->writer.db, DB_CHECK_FULL, NULL, &f.e), ERR_OK);
    if (check_failures)
        printf("kept for a look: %s\n", f.folder);
    else
        fixture_end(&f);
}

static void nothing_acknowledged_is_lost_by_a_power_cut(void)
{
    int all = 0;

    seed = (unsigned)time(NULL);
    printf("seed %u\n", seed);
    for (int run = 0; run < RUNS && check_failures == 0; run++) {
        write_under_cuts();
        for (int i = 0; i < cut_count && check_failures == 0; i++)
            check_cut(&cuts[i]);
        all += cut_count;
    }
    printf("%d power cuts\n", all);
    CHECK(all >= RUNS * CUTS / 2);
}

static const struct check_test TESTS[] = {
    TEST(nothing_acknowledged_is_lost_by_a_power_cut),
    { 0 },
};
CHECK_MAIN(TESTS)

#include <fcntl.h>

#include "fixture.h"
#include "store/db.h"
#include "store/store_inside.h"
#include "store/store_keys.h"

static void write_file(const char *path, const char *text, mode_t mode)
{
    FILE *to = fopen(path, "w");

    if (!CHECK(to != NULL))
        return;
    fputs(text, to);
    fclose(to);
    chmod(path, mode);
}

static void the_master_key_is_made_once_and_only_its_owner_can_read_it(void)
{
    struct fixture f;
    struct master_keys a, b;
    char path[PATH_MAX];
    struct stat st;

    fixture_folder(&f);
    CHECK_INT(store_master_load(f.folder, &a, &f.e), ERR_OK);
    CHECK_INT(stat(fixture_path(&f, "master.key", path), &st), 0);
    CHECK_INT(st.st_mode & 0777, 0600);
    CHECK_INT(st.st_size, 65);
    CHECK_INT(store_master_load(f.folder, &b, &f.e), ERR_OK);
    CHECK_MEM(&a, &b, sizeof a);
    CHECK(memcmp(a.seal, a.link, KEY_BYTES) != 0 && memcmp(a.link, a.participant, KEY_BYTES) != 0 &&
          memcmp(a.participant, a.pin, KEY_BYTES) != 0);
    fixture_end(&f);
}

static void a_wrong_master_key_is_refused_and_not_replaced(void)
{
    static const char *const WRONG[] = {
        "", "short\n", "zz00000000000000000000000000000000000000000000000000000000000000\n",
        "00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000\n"
    };
    struct fixture f;
    struct master_keys m;
    char path[PATH_MAX];
    struct stat st;

    fixture_folder(&f);
    fixture_path(&f, "master.key", path);
    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++) {
        write_file(path, WRONG[i], 0600);
        CHECK_INT(store_master_load(f.folder, &m, &f.e), ERR_INVALID);
        CHECK_STR(f.e.code, "master_key_invalid");
        CHECK_INT(stat(path, &st), 0);
        CHECK_INT(st.st_size, strlen(WRONG[i]));
    }
    write_file(path, "0000000000000000000000000000000000000000000000000000000000000000", 0640);
    CHECK_INT(store_master_load(f.folder, &m, &f.e), ERR_CONFLICT);
    CHECK_STR(f.e.code, "master_key_exposed");
    chmod(path, 0400);
    CHECK_INT(store_master_load(f.folder, &m, &f.e), ERR_OK);
    fixture_end(&f);
}

static void a_systemd_credential_stands_in_for_the_file(void)
{
    struct fixture f, credentials;
    struct master_keys a, b;
    char path[PATH_MAX];

    fixture_folder(&f);
    fixture_folder(&credentials);
    CHECK_INT(store_master_load(credentials.folder, &a, &f.e), ERR_OK);
    setenv("CREDENTIALS_DIRECTORY", credentials.folder, 1);
    CHECK_INT(store_master_load(f.folder, &b, &f.e), ERR_OK);
    CHECK_MEM(&a, &b, sizeof a);
    CHECK_INT(access(fixture_path(&f, "master.key", path), F_OK), -1);
    unlink(fixture_path(&credentials, "master.key", path));
    CHECK_INT(store_master_load(f.folder, &b, &f.e), ERR_OK); /* credentials for something else: own file again */
    CHECK_INT(access(fixture_path(&f, "master.key", path), F_OK), 0);
    unsetenv("CREDENTIALS_DIRECTORY");
    fixture_end(&credentials);
    fixture_end(&f);
}

static void the_first_signing_key_is_made_and_kept(void)
{
    struct fixture f = fixture_new();
    struct master_keys m;
    struct key_ring a, b;
    int lost = 9;
    uint8_t signature[SIGNATURE_BYTES];

    CHECK_INT(store_master_load(f.folder, &m, &f.e), ERR_OK);
    CHECK_INT(store_keys_load(f.s, &m, NOW_MS, &a, &lost, &f.e), ERR_OK);
    CHECK_INT(a.count, 1);
    CHECK_INT(lost, 0);
    CHECK_INT(a.keys[0].created_ms, NOW_MS);
    crypto_make_signature(a.keys[0].secret_key, "x", 1, signature);
    CHECK(crypto_verify(a.keys[0].public_key, "x", 1, signature));
    CHECK_INT(store_keys_load(f.s, &m, NOW_MS + 5, &b, &lost, &f.e), ERR_OK);
    CHECK_MEM(&a, &b, sizeof a);
    fixture_end(&f);
}

static int rotations_recorded(struct fixture *f)
{
    struct db_stmt *st = NULL;
    int rows = -1;

    if (db_prepare(f->s->reader.db, "SELECT count(*) FROM audit WHERE action = 'keys.rotate' AND actor = 'system'", &st,
                   &f->e) == ERR_OK &&
        db_step(st) == DB_ROW)
        rows = (int)db_column_i64(st, 0);
    db_finalize(st);
    return rows;
}

static void a_key_signs_for_ninety_days_and_its_last_tokens_stay_valid(void)
{
    const int64_t day_ms = 24 * 3600 * 1000;
    struct token_claims claims = { .sub = "u1", .room = "r1", .name = "Ann", .jti = "j", .role = SEAT_HOST }, read;
    struct fixture f = fixture_new();
    struct master_keys m;
    struct key_ring first, later;
    char token[TOKEN_MAX];
    int64_t now_ms = NOW_MS + 90 * day_ms;
    int lost;

    CHECK_INT(store_master_load(f.folder, &m, &f.e), ERR_OK);
    CHECK_INT(store_keys_load(f.s, &m, NOW_MS, &first, &lost, &f.e), ERR_OK);
    CHECK_INT(store_keys_load(f.s, &m, now_ms - 1, &later, &lost, &f.e), ERR_OK);
    CHECK_INT(later.count, 1);
    CHECK_INT(rotations_recorded(&f), 0); /* the first takes nobody's place */
    claims.iat_ms = claims.nbf_ms = now_ms;
    claims.exp_ms = now_ms + TOKEN_TTL_MS;
    CHECK_INT(token_sign(&first, "http://localhost", &claims, token, &f.e), ERR_OK);

    CHECK_INT(store_keys_load(f.s, &m, now_ms, &later, &lost, &f.e), ERR_OK);
    CHECK_INT(lost, 0);
    CHECK_INT(later.count, 2);
    CHECK_INT(later.keys[0].created_ms, now_ms);
    CHECK_STR(later.keys[1].kid, first.keys[0].kid);
    CHECK_INT(token_verify(&later, "http://localhost", token, strlen(token), claims.exp_ms, &read, &f.e), ERR_OK);
    CHECK_INT(rotations_recorded(&f), 1);
    CHECK_INT(store_keys_load(f.s, &m, claims.exp_ms + 30000, &first, &lost, &f.e), ERR_OK);
    CHECK_INT(first.count, 2);

    CHECK_INT(store_keys_load(f.s, &m, now_ms + day_ms, &first, &lost, &f.e), ERR_OK);
    CHECK_INT(first.count, 1);
    CHECK_STR(first.keys[0].kid, later.keys[0].kid);
    CHECK_INT(store_keys_load(f.s, &m, now_ms + 1, &first, &lost, &f.e), ERR_OK); /* gone from the database */
    CHECK_INT(first.count, 1);
    CHECK_INT(rotations_recorded(&f), 1);
    fixture_end(&f);
}

static void a_key_that_cannot_be_renewed_goes_on_signing(void)
{
    struct fixture f = fixture_new();
    struct master_keys m;
    struct key_ring first, later;
    int lost;

    CHECK_INT(store_master_load(f.folder, &m, &f.e), ERR_OK);
    CHECK_INT(store_keys_load(f.s, &m, NOW_MS, &first, &lost, &f.e), ERR_OK);
    atomic_store(&f.db->failed, ERR_FULL);
    CHECK_INT(store_keys_load(f.s, &m, NOW_MS + TOKEN_KEY_MS, &later, &lost, &f.e), ERR_OK);
    CHECK_INT(later.count, 1);
    CHECK_STR(later.keys[0].kid, first.keys[0].kid);
    atomic_store(&f.db->failed, ERR_OK);
    CHECK_INT(store_keys_load(f.s, &m, NOW_MS + TOKEN_KEY_MS, &later, &lost, &f.e), ERR_OK);
    CHECK_INT(later.count, 2);
    fixture_end(&f);
}

static void a_database_never_holds_a_secret_key_as_plain_text(void)
{
    struct fixture f = fixture_new();
    struct master_keys m;
    struct key_ring ring;
    static char file[1 << 20];
    char path[PATH_MAX];
    int lost;
    ssize_t got;
    int fd;

    CHECK_INT(store_master_load(f.folder, &m, &f.e), ERR_OK);
    CHECK_INT(store_keys_load(f.s, &m, NOW_MS, &ring, &lost, &f.e), ERR_OK);
    fixture_shut(&f);
    fd = open(fixture_path(&f, "parlour.db", path), O_RDONLY);
    got = read(fd, file, sizeof file);
    close(fd);
    CHECK(got > 0);
    CHECK(memmem(file, (size_t)got, ring.keys[0].public_key, SIGN_PUBLIC_BYTES) != NULL);
    CHECK(memmem(file, (size_t)got, ring.keys[0].secret_key, 32) == NULL);
    fixture_end(&f);
}

static void keys_of_another_master_are_replaced_and_counted(void)
{
    struct fixture f = fixture_new();
    struct master_keys m;
    struct key_ring a, b;
    char path[PATH_MAX];
    int lost;

    CHECK_INT(store_master_load(f.folder, &m, &f.e), ERR_OK);
    CHECK_INT(store_keys_load(f.s, &m, NOW_MS, &a, &lost, &f.e), ERR_OK);
    unlink(fixture_path(&f, "master.key", path)); /* restored without it */
    CHECK_INT(store_master_load(f.folder, &m, &f.e), ERR_OK);
    CHECK_INT(store_keys_load(f.s, &m, NOW_MS + 1, &b, &lost, &f.e), ERR_OK);
    CHECK_INT(lost, 1);
    CHECK_INT(b.count, 1);
    CHECK_INT(rotations_recorded(&f), 1);
    CHECK(strcmp(a.keys[0].kid, b.keys[0].kid) != 0);
    CHECK_INT(store_keys_load(f.s, &m, NOW_MS + 2, &a, &lost, &f.e), ERR_OK);
    CHECK_INT(lost, 0);
    CHECK_STR(a.keys[0].kid, b.keys[0].kid);
    fixture_end(&f);
}

static void the_newest_keys_come_first_and_a_lost_one_makes_room(void)
{
    struct fixture f = fixture_new();
    struct master_keys m;
    struct key_ring ring;
    char sql[200];
    int lost;

    CHECK_INT(store_master_load(f.folder, &m, &f.e), ERR_OK);
    CHECK_INT(store_keys_load(f.s, &m, NOW_MS, &ring, &lost, &f.e), ERR_OK);
    for (int i = 1; i < TOKEN_KEYS_MAX; i++) {
        snprintf(sql, sizeof sql,
                 "INSERT INTO signing_keys SELECT 'k%d', public_key, sealed, created_ms + %d FROM signing_keys ORDER "
                 "BY created_ms LIMIT 1",
                 i, i);
        CHECK_INT(db_exec(f.db->writer.db, sql, &f.e), ERR_OK);
    }
    CHECK_INT(store_keys_load(f.s, &m, NOW_MS, &ring, &lost, &f.e), ERR_OK);
    CHECK_INT(ring.count, TOKEN_KEYS_MAX);
    CHECK_STR(ring.keys[0].kid, "k3");
    CHECK_INT(db_exec(f.db->writer.db, "UPDATE signing_keys SET sealed = zeroblob(104) WHERE kid = 'k2'", &f.e),
              ERR_OK);
    CHECK_INT(store_keys_load(f.s, &m, NOW_MS + 100, &ring, &lost, &f.e), ERR_OK);
    CHECK_INT(lost, 1);
    CHECK_INT(ring.count, TOKEN_KEYS_MAX);
    CHECK_INT(ring.keys[0].created_ms, NOW_MS + 100);
    CHECK_STR(ring.keys[1].kid, "k3");
    CHECK_STR(ring.keys[2].kid, "k1");
    fixture_end(&f);
}

static const struct check_test TESTS[] = {
    TEST(the_master_key_is_made_once_and_only_its_owner_can_read_it),
    TEST(a_wrong_master_key_is_refused_and_not_replaced),
    TEST(a_systemd_credential_stands_in_for_the_file),
    TEST(the_first_signing_key_is_made_and_kept),
    TEST(a_key_signs_for_ninety_days_and_its_last_tokens_stay_valid),
    TEST(a_key_that_cannot_be_renewed_goes_on_signing),
    TEST(a_database_never_holds_a_secret_key_as_plain_text),
    TEST(keys_of_another_master_are_replaced_and_counted),
    TEST(the_newest_keys_come_first_and_a_lost_one_makes_room),
    { 0 },
};
CHECK_MAIN(TESTS)

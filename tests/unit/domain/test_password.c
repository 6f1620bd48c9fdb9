/* Hashing with the real cost, so few hashes; the gate under eight threads; the policy by examples. */
#include "domain/password.h"

#include <pthread.h>
#include <time.h>

#include "domain/crypto.h"
#include "tests/support/check.h"

static void a_password_verifies_against_its_hash_only(void)
{
    char hash[PASSWORD_HASH_SIZE];
    struct err e = { 0 };

    CHECK_INT(password_hash("a long walk by the sea", hash, &e), ERR_OK);
    CHECK(strncmp(hash, "$argon2id$v=19$m=65536,t=3,p=1$", 31) == 0);
    CHECK(!password_needs_rehash(hash));
    CHECK_INT(password_verify("a long walk by the sea", hash, &e), ERR_OK);
    CHECK_INT(password_verify("a long walk by the see", hash, &e), ERR_AUTH);
    CHECK_STR(e.code, "bad_credentials");
    CHECK(password_needs_rehash("$argon2id$v=19$m=8192,t=1,p=1$LVwngtNBsxkbw3A63gZo+A$5YlT9OUcpxdmhShx+sdyZyz4"));
}

static void it_does_not_matter_how_a_keyboard_composes_letters(void)
{
    char hash[PASSWORD_HASH_SIZE];

    CHECK_INT(password_hash("caf\xc3\xa9 au lait le matin", hash, NULL), ERR_OK);
    CHECK_INT(password_verify("cafe\xcc\x81 au lait le matin", hash, NULL), ERR_OK);
    CHECK_INT(password_verify("cafe au lait le matin", hash, NULL), ERR_AUTH);
}

/* Work that this thread did; other load on the machine does not count. */
static int64_t worked_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return t.tv_sec * 1000000LL + t.tv_nsec / 1000;
}

static int64_t time_of(const char *hash)
{
    int64_t best = INT64_MAX;

    for (int i = 0; i < 3; i++) {
        int64_t start = worked_us(), took;

        CHECK_INT(password_verify("wrong", hash, NULL), ERR_AUTH);
        took = worked_us() - start;
        best = took < best ? took : best;
    }
    return best;
}

static void an_unknown_user_costs_as_much_as_a_known_one(void)
{
    char hash[PASSWORD_HASH_SIZE];
    int64_t known, unknown;

    CHECK_INT(password_hash("a long walk by the sea", hash, NULL), ERR_OK);
    known = time_of(hash);
    unknown = time_of(NULL);
    CHECK(unknown * 3 > known * 2 && known * 3 > unknown * 2); /* the same work, and caches that others use too */
    CHECK_INT(password_verify("x", "", NULL), ERR_AUTH);
}

static void *hash_one(void *arg)
{
    password_may_hash(true);
    *(enum err_code *)arg = password_verify("wrong", NULL, NULL);
    return NULL;
}

static void thirty_four_at_once_are_served_and_more_are_told_to_come_back(void)
{
    enum { CALLERS = 44 };
    pthread_t threads[CALLERS];
    enum err_code results[CALLERS];
    int served = 0, busy = 0;

    for (int i = 0; i < CALLERS; i++)
        CHECK_INT(pthread_create(&threads[i], NULL, hash_one, &results[i]), 0);
    for (int i = 0; i < CALLERS; i++) {
        pthread_join(threads[i], NULL);
        served += results[i] == ERR_AUTH;
        busy += results[i] == ERR_BUSY;
    }
    CHECK_INT(served + busy, CALLERS);
    CHECK(served >= 34); /* two that run and 32 that wait */
}

static void *hash_where_others_wait(void *arg)
{
    char hash[PASSWORD_HASH_SIZE];

    *(bool *)arg = password_hash("a long walk by the sea", hash, NULL) == ERR_INTERNAL && hash[0] == '\0' &&
                   password_verify("wrong", NULL, NULL) == ERR_INTERNAL;
    return NULL;
}

static void a_thread_hashes_only_after_it_was_marked_for_hashing(void)
{
    bool refused = false, may;
    pthread_t thread;

    CHECK_INT(pthread_create(&thread, NULL, hash_where_others_wait, &refused), 0);
    pthread_join(thread, NULL);
    CHECK(refused);
    may = password_may_hash(false);
    CHECK(may && password_verify("wrong", NULL, NULL) == ERR_INTERNAL);
    CHECK(!password_may_hash(may));
}

static enum err_code policy(const char *password)
{
    return password_check_policy(password, "ana.novak@hillclinic.example Dr Ana Novak Hill Clinic", NULL);
}

static void good_passwords_pass(void)
{
    static const char *const GOOD[] = {
        "correct horse battery staple",
        "a long walk by the sea",
        "wV7#kq9!Zt2$mB5x",
        "k2jx8-qpvn4-w7tfz",
        "مفتاح البيت تحت الوردة",
        "el gato duerme en la cocina",
        "Zwölf Boxkämpfer jagen Viktor",
        "my two cats hate thunderstorms",
    };

    for (size_t i = 0; i < sizeof GOOD / sizeof GOOD[0]; i++)
        if (policy(GOOD[i]) != ERR_OK)
            CHECK_STR(GOOD[i], "(taken)");
}

static void passwords_that_guessers_try_are_refused(void)
{
    static const char *const BAD[] = {
        "aaaaaaaaaaaaaaa",      "123456789012345",      "passwordpassword",     "Password12345678",
        "qwertyuiopasdfgh",     "1qaz2wsx3edc4rfv",     "P@ssw0rdP@ssw0rd!",    "iloveyouiloveyou",
        "Summer2026Summer2026", "hillclinichillclinic", "ana.novak@hillclinic", "abcdefghijklmnopqrstuvwxyz",
        "!!!!!!!!!!!!!!!!",     "abcabcabcabcabcabc",   "drananovak2026!!",     "zyxwvutsrqponmlk",
        "letmeinletmein1",      "corvettecorvette",     "corvette1234567",      "q1w2e3r4t5y6u7i8",
        "1q2w3e4r5t1q2w3e4r5t", "qazwsxedcrfvtgb",      "welcome123welcome123", "ًًًًًًًًًًًًًًًًًً",
    };

    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++)
        if (policy(BAD[i]) != ERR_INVALID)
            CHECK_STR(BAD[i], "(refused)");
}

static void length_is_counted_in_characters(void)
{
    char text[600] = "";
    struct err e = { 0 };

    CHECK_INT(policy("wV7#kq9!Zt2$mB"), ERR_INVALID);
    CHECK_INT(policy("wV7#kq9!Zt2$mBé"), ERR_OK);
    for (int i = 0; i < 8; i++)
        strcat(text, "wV7#kq9!Zt2$mB5x");
    CHECK_INT(password_check_policy(text, "", &e), ERR_OK);
    strcat(text, "x");
    CHECK_INT(password_check_policy(text, "", &e), ERR_INVALID);
    CHECK_STR(e.field, "password");
    CHECK_INT(policy("wV7#kq9!Zt2$mB5x\xff"), ERR_INVALID);
}

static const struct check_test TESTS[] = {
    TEST(a_password_verifies_against_its_hash_only),
    TEST(it_does_not_matter_how_a_keyboard_composes_letters),
    TEST(an_unknown_user_costs_as_much_as_a_known_one),
    TEST(a_thread_hashes_only_after_it_was_marked_for_hashing),
    TEST(thirty_four_at_once_are_served_and_more_are_told_to_come_back),
    TEST(good_passwords_pass),
    TEST(passwords_that_guessers_try_are_refused),
    TEST(length_is_counted_in_characters),
    { 0 },
};

int main(int argc, char **argv)
{
    password_may_hash(true);
    return crypto_start(NULL) == ERR_OK ? check_run(TESTS, argc, argv) : 1;
}

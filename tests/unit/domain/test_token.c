#include "domain/token.h"

#include <stdlib.h>

#include "tests/support/check.h"
#include "util/str.h"

#define URL "https://visits.example.org"
#define NOW 1700000000000

/* RFC 8037 appendix A: its key pair, and its thumbprint's key as a kid. */
static struct key_ring ring;

static void from_b64(const char *text, uint8_t *to)
{
    size_t len;

    CHECK(str_from_base64url(text, strlen(text), to, 32, &len) && len == 32);
}

static void make_ring(void)
{
    ring.count = 2;
    strcpy(ring.keys[0].kid, "new");
    from_b64("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A", ring.keys[0].secret_key);
    from_b64("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo", ring.keys[0].secret_key + 32);
    memcpy(ring.keys[0].public_key, ring.keys[0].secret_key + 32, 32);
    strcpy(ring.keys[1].kid, "old");
    crypto_sign_pair(ring.keys[1].public_key, ring.keys[1].secret_key);
}

static struct token_claims claims(void)
{
    return (struct token_claims){ .sub = "p1",
                                  .room = "r1",
                                  .name = "Zoë \"Z\" نور",
                                  .jti = "j1",
                                  .role = SEAT_HOST,
                                  .name_from = NAME_FROM_ACCOUNT,
                                  .grants = GRANT_CHAT | GRANT_MODERATE,
                                  .gen = 3,
                                  .user_id = "u1",
                                  .session_id = "s1",
                                  .iat_ms = NOW,
                                  .nbf_ms = NOW,
                                  .exp_ms = NOW + TOKEN_TTL_MS };
}

static void sign(char out[TOKEN_MAX])
{
    struct token_claims c = claims();

    CHECK_INT(token_sign(&ring, URL, &c, out, NULL), ERR_OK);
}

static void refused(const char *text, const char *code)
{
    struct token_claims c;
    struct err e = { 0 };

    CHECK_INT(token_verify(&ring, URL, text, strlen(text), NOW, &c, &e), ERR_AUTH);
    CHECK_STR(e.code, code);
    CHECK_STR(c.sub, "");
}

/* A token with any header and payload, rightly signed with key 0. */
static void forge(char *out, const char *header, const char *payload)
{
    uint8_t signature[SIGNATURE_BYTES];
    size_t len = str_base64url(out, header, strlen(header));

    out[len++] = '.';
    len += str_base64url(out + len, payload, strlen(payload));
    crypto_make_signature(ring.keys[0].secret_key, out, len, signature);
    out[len++] = '.';
    str_base64url(out + len, signature, sizeof signature);
}

/* RFC 8037 appendix A.4: the signature over its fixed signing input with its key. */
static void the_signature_is_that_of_rfc_8037(void)
{
    static const char INPUT[] = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
    uint8_t signature[SIGNATURE_BYTES];
    char text[STR_BASE64URL_SIZE(SIGNATURE_BYTES)];

    crypto_make_signature(ring.keys[0].secret_key, INPUT, strlen(INPUT), signature);
    str_base64url(text, signature, sizeof signature);
    CHECK_STR(text, "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg");
}

static void signed_claims_come_back(void)
{
    struct token_claims in = claims(), out;
    char text[TOKEN_MAX];

    sign(text);
    CHECK_INT(token_verify(&ring, URL, text, strlen(text), NOW, &out, NULL), ERR_OK);
    CHECK_MEM(&in, &out, sizeof in);
}

static void a_guest_without_user_or_session_comes_back_too(void)
{
    struct token_claims in = claims(), out;
    char text[TOKEN_MAX];

    in.role = SEAT_GUEST;
    in.user_id[0] = in.session_id[0] = '\0';
    strcpy(in.invitation_id, "i1");
    in.invitation_gen = 3;
    memset(in.guest_hash, 0xa5, HASH_BYTES);
    in.another_jar = in.back = true;
    memset(in.user_id, 0, sizeof in.user_id);
    memset(in.session_id, 0, sizeof in.session_id);
    CHECK_INT(token_sign(&ring, URL, &in, text, NULL), ERR_OK);
    CHECK_INT(token_verify(&ring, URL, text, strlen(text), NOW, &out, NULL), ERR_OK);
    CHECK_MEM(&in, &out, sizeof in);
}

static void times_count_with_thirty_seconds_of_leeway(void)
{
    struct token_claims out;
    struct err e = { 0 };
    char text[TOKEN_MAX];

    sign(text);
    CHECK_INT(token_verify(&ring, URL, text, strlen(text), NOW + TOKEN_TTL_MS + 29999, &out, &e), ERR_OK);
    CHECK_INT(token_verify(&ring, URL, text, strlen(text), NOW + TOKEN_TTL_MS + 30000, &out, &e), ERR_AUTH);
    CHECK_STR(e.code, "token_expired");
    CHECK_INT(token_verify(&ring, URL, text, strlen(text), NOW - 30000, &out, &e), ERR_OK);
    CHECK_INT(token_verify(&ring, URL, text, strlen(text), NOW - 30001, &out, &e), ERR_AUTH);
    CHECK_STR(e.code, "bad_token");
}

static void another_installations_token_is_refused(void)
{
    struct token_claims c = claims();
    char text[TOKEN_MAX];

    CHECK_INT(token_sign(&ring, "https://other.example.org", &c, text, NULL), ERR_OK);
    refused(text, "bad_token");
}

static void a_key_that_left_the_ring_is_refused(void)
{
    struct key_ring rest = ring;
    struct token_claims out;
    char text[TOKEN_MAX];

    sign(text);
    rest.keys[0] = rest.keys[1];
    rest.count = 1;
    CHECK_INT(token_verify(&rest, URL, text, strlen(text), NOW, &out, NULL), ERR_AUTH);
}

static void every_changed_character_is_seen(void)
{
    char text[TOKEN_MAX];
    struct token_claims out;
    size_t len;

    sign(text);
    len = strlen(text);
    for (size_t i = 0; i < len; i++) {
        char was = text[i];

        text[i] = was == 'A' ? 'B' : 'A';
        if (token_verify(&ring, URL, text, len, NOW, &out, NULL) != ERR_AUTH)
            CHECK_INT(i, -1);
        text[i] = was;
    }
    for (size_t cut = 0; cut < len; cut++)
        if (token_verify(&ring, URL, text, cut, NOW, &out, NULL) != ERR_AUTH)
            CHECK_INT(cut, -1);
}

#define PAYLOAD(grants, gen, exp)                                                                                      \
    "{\"iss\":\"" URL "\",\"aud\":\"" URL "\",\"sub\":\"p\",\"room\":\"r\",\"role\":\"guest\",\"name\":\"n\","         \
    "\"jti\":\"j\",\"name_from\":\"self\",\"iat\":1700000000,\"nbf\":1700000000,\"grants\":" grants ",\"gen\":" gen    \
    ",\"exp\":" exp "}"
#define GOOD PAYLOAD("[\"chat\"]", "0", "1700000600")
#define HEADER(more) "{\"alg\":\"EdDSA\",\"typ\":\"room+jwt\",\"kid\":\"new\"" more "}"

static void only_our_header_is_taken(void)
{
    static const char *const HEADERS[] = {
        "{\"alg\":\"none\",\"typ\":\"room+jwt\",\"kid\":\"new\"}",
        "{\"alg\":\"HS256\",\"typ\":\"room+jwt\",\"kid\":\"new\"}",
        "{\"alg\":\"EdDSA\",\"typ\":\"JWT\",\"kid\":\"new\"}",
        "{\"alg\":\"EdDSA\",\"kid\":\"new\"}",
        "{\"alg\":\"EdDSA\",\"typ\":\"room+jwt\"}",
        "{\"alg\":\"EdDSA\",\"typ\":\"room+jwt\",\"kid\":\"other\"}",
        "{\"alg\":\"EdDSA\",\"alg\":\"EdDSA\",\"typ\":\"room+jwt\",\"kid\":\"new\"}",
        HEADER(",\"crit\":[\"x\"]"),
        HEADER(",\"jku\":\"https://evil.example\""),
        HEADER(",\"jwk\":{\"kty\":\"OKP\"}"),
        HEADER(",\"x5u\":\"https://evil.example\""),
        HEADER(",\"b64\":false"),
        "[]",
        "",
    };
    struct token_claims out;
    char text[TOKEN_MAX];

    forge(text, HEADER(""), GOOD);
    CHECK_INT(token_verify(&ring, URL, text, strlen(text), NOW, &out, NULL), ERR_OK);
    for (size_t i = 0; i < sizeof HEADERS / sizeof HEADERS[0]; i++) {
        forge(text, HEADERS[i], GOOD);
        refused(text, "bad_token");
    }
}

static void only_our_claims_are_taken(void)
{
    static const char *const PAYLOADS[] = {
        PAYLOAD("[\"fly\"]", "0", "1700000600"),
        PAYLOAD("\"chat\"", "0", "1700000600"),
        PAYLOAD("[1]", "0", "1700000600"),
        PAYLOAD("[\"chat\"]", "-1", "1700000600"),
        PAYLOAD("[\"chat\"]", "\"0\"", "1700000600"),
        PAYLOAD("[\"chat\"]", "0", "1e300"),
        PAYLOAD("[\"chat\"]", "0", "9223372036854775807"),
        PAYLOAD("[\"chat\"]", "0", "-5"),
        PAYLOAD("[\"chat\"]", "0,\"gen\":1", "1700000600"),
        PAYLOAD("[\"chat\"]", "0,\"sid\":7", "1700000600"),
        PAYLOAD("[\"chat\"]", "0,\"inv\":\"i1\"", "1700000600"),
        PAYLOAD("[\"chat\"]", "0,\"inv\":\"i1\",\"inv_gen\":\"1\"", "1700000600"),
        PAYLOAD("[\"chat\"]", "0,\"uid\":\"123456789012345678901234567890123456\"", "1700000600"),
        "{}",
        "[]",
        "x",
    };
    char text[TOKEN_MAX];

    for (size_t i = 0; i < sizeof PAYLOADS / sizeof PAYLOADS[0]; i++) {
        forge(text, HEADER(""), PAYLOADS[i]);
        refused(text, "bad_token");
    }
}

static void text_that_is_not_a_token_is_refused(void)
{
    char longer[TOKEN_MAX + 1];

    refused("", "bad_token");
    refused("..", "bad_token");
    refused("a.b", "bad_token");
    refused("a.b.c.d", "bad_token");
    memset(longer, 'a', TOKEN_MAX);
    longer[TOKEN_MAX] = '\0';
    refused(longer, "bad_token");
}

static void claims_that_do_not_fit_are_an_error(void)
{
    struct token_claims c = claims();
    char url[1500], text[TOKEN_MAX];

    memset(url, 'u', sizeof url - 1);
    url[sizeof url - 1] = '\0';
    CHECK_INT(token_sign(&ring, url, &c, text, NULL), ERR_LIMIT);
}

static void the_longest_claims_fit(void)
{
    struct token_claims c = claims(), out;
    char text[TOKEN_MAX];

    memset(c.sub, 's', ID_SIZE - 1);
    memset(c.room, 'r', ID_SIZE - 1);
    memset(c.jti, 'j', ID_SIZE - 1);
    memset(c.user_id, 'u', ID_SIZE - 1);
    memset(c.session_id, 't', ID_SIZE - 1);
    memset(c.invitation_id, 'i', ID_SIZE - 1);
    c.invitation_gen = INT64_MAX;
    memset(c.guest_hash, 0xff, HASH_BYTES);
    memset(c.name, 'n', NAME_SIZE - 4);
    CHECK_INT(token_sign(&ring, URL, &c, text, NULL), ERR_OK);
    CHECK_INT(token_verify(&ring, URL, text, strlen(text), NOW, &out, NULL), ERR_OK);
}

static void the_key_set_holds_public_keys_only(void)
{
    json_t *set = token_jwks(&ring), *key = json_array_get(json_object_get(set, "keys"), 0);
    char *text = json_dumps(set, JSON_COMPACT);

    CHECK_INT(json_array_size(json_object_get(set, "keys")), 2);
    CHECK_STR(json_string_value(json_object_get(key, "x")), "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
    CHECK_STR(json_string_value(json_object_get(key, "kty")), "OKP");
    CHECK_STR(json_string_value(json_object_get(key, "crv")), "Ed25519");
    CHECK_STR(json_string_value(json_object_get(key, "kid")), "new");
    CHECK(strstr(text, "nWGxne") == NULL && strstr(text, "\"d\"") == NULL);
    free(text);
    json_decref(set);
}

static void a_new_key_is_due_after_ninety_days_and_the_one_before_goes_when_it_has_been_followed(void)
{
    const int64_t hour_ms = 3600000, day_ms = 24 * hour_ms;
    struct key_ring r = { .count = 0 };

    CHECK(token_key_due(&r, NOW));
    CHECK_INT(token_keys_live(&r, NOW), 0);
    r = (struct key_ring){ .keys = { { .created_ms = NOW }, { .created_ms = NOW - 1 }, { .created_ms = 0 } },
                           .count = 3 };
    CHECK(!token_key_due(&r, NOW + 90 * day_ms - 1));
    CHECK(token_key_due(&r, NOW + 90 * day_ms));
    CHECK(!token_key_due(&r, NOW - 90 * day_ms)); /* a clock that was put back */
    CHECK_INT(token_keys_live(&r, NOW - day_ms), 3);
    CHECK_INT(token_keys_live(&r, NOW + TOKEN_TTL_MS + 60000), 3);
    CHECK_INT(token_keys_live(&r, NOW + hour_ms - 1), 2); /* the third was followed a millisecond earlier */
    CHECK_INT(token_keys_live(&r, NOW + hour_ms), 1);
    CHECK_INT(token_keys_live(&r, NOW + 1000 * day_ms), 1);
}

static const struct check_test TESTS[] = {
    TEST(the_signature_is_that_of_rfc_8037),
    TEST(signed_claims_come_back),
    TEST(a_guest_without_user_or_session_comes_back_too),
    TEST(times_count_with_thirty_seconds_of_leeway),
    TEST(another_installations_token_is_refused),
    TEST(a_key_that_left_the_ring_is_refused),
    TEST(every_changed_character_is_seen),
    TEST(only_our_header_is_taken),
    TEST(only_our_claims_are_taken),
    TEST(text_that_is_not_a_token_is_refused),
    TEST(claims_that_do_not_fit_are_an_error),
    TEST(the_longest_claims_fit),
    TEST(the_key_set_holds_public_keys_only),
    TEST(a_new_key_is_due_after_ninety_days_and_the_one_before_goes_when_it_has_been_followed),
    { 0 },
};

int main(int argc, char **argv)
{
    if (crypto_start(NULL) != ERR_OK)
        return 1;
    make_ring();
    return check_run(TESTS, argc, argv);
}

#include "domain/token.h"

#include <stdlib.h>
#include <string.h>

#include "util/json_fields.h"
#include "util/str.h"

#define LEEWAY_MS 30000
/* An older key is kept this long after the next was made: far longer than its last token lives. */
#define FOLLOWED_MS (3600 * 1000)
#define JSON_DEPTH 4
#define SECONDS_MAX 253402300799 /* the year 9999: times 1000 stays far from overflow */

static const char *const GRANT_NAMES[] = { "publish", "chat", "share", "moderate" }; /* bit 0, 1, … */
#define GRANTS (sizeof GRANT_NAMES / sizeof GRANT_NAMES[0])
static const char *const ROLE_NAMES[] = { [SEAT_GUEST] = "guest", [SEAT_HOST] = "host" };
static const char *const NAME_FROM_NAMES[] = {
    [NAME_FROM_ACCOUNT] = "account", [NAME_FROM_INVITATION] = "invitation", [NAME_FROM_SELF] = "self"
};

/* Adds base64url of the JSON text at *len; frees the text, drops the reference. */
static bool add_part(char out[TOKEN_MAX], size_t *len, json_t *part)
{
    char *text = json_dumps(part, JSON_COMPACT);
    size_t text_len = text ? strlen(text) : 0;
    bool fits = text && *len + STR_BASE64URL_SIZE(text_len) < TOKEN_MAX;

    if (fits)
        *len += str_base64url(out + *len, text, text_len);
    json_decref(part);
    free(text);
    return fits;
}

static json_t *header_of(const struct signing_key *key)
{
    return json_pack("{s:s, s:s, s:s}", "alg", "EdDSA", "typ", "room+jwt", "kid", key->kid);
}

static json_t *grants_of(unsigned grants)
{
    json_t *list = json_array();

    for (size_t i = 0; i < GRANTS; i++)
        if (grants & 1u << i)
            json_array_append_new(list, json_string(GRANT_NAMES[i]));
    return list;
}

static bool has_jar(const struct token_claims *c)
{
    static const uint8_t NONE[HASH_BYTES];

    return memcmp(c->guest_hash, NONE, HASH_BYTES) != 0;
}

static void add_jar(json_t *o, const struct token_claims *c)
{
    char jar[STR_BASE64URL_SIZE(HASH_BYTES)];

    str_base64url(jar, c->guest_hash, HASH_BYTES);
    json_object_set_new(o, "jar", json_string(jar));
}

static json_t *payload_of(const char *public_url, const struct token_claims *c)
{
    json_t *o = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:s, s:I, s:I, s:I, s:s, s:I}", "iss", public_url, "aud",
                          public_url, "sub", c->sub, "room", c->room, "role", ROLE_NAMES[c->role], "name", c->name,
                          "grants", grants_of(c->grants), "jti", c->jti, "iat", (json_int_t)(c->iat_ms / 1000), "nbf",
                          (json_int_t)(c->nbf_ms / 1000), "exp", (json_int_t)(c->exp_ms / 1000), "name_from",
                          NAME_FROM_NAMES[c->name_from], "gen", (json_int_t)c->gen);

    if (c->user_id[0])
        json_object_set_new(o, "uid", json_string(c->user_id));
    if (c->invitation_id[0]) {
        json_object_set_new(o, "inv", json_string(c->invitation_id));
        json_object_set_new(o, "inv_gen", json_integer(c->invitation_gen));
    }
    if (has_jar(c))
        add_jar(o, c);
    if (c->back)
        json_object_set_new(o, "back", json_true());
    if (c->another_jar)
        json_object_set_new(o, "inv_other", json_true());
    if (c->session_id[0])
        json_object_set_new(o, "sid", json_string(c->session_id));
    return o;
}

enum err_code token_sign(const struct key_ring *ring, const char *public_url, const struct token_claims *c,
                         char out[TOKEN_MAX], struct err *e)
{
    const struct signing_key *key = &ring->keys[0];
    uint8_t signature[SIGNATURE_BYTES];
    size_t len = 0;

    if (!add_part(out, &len, header_of(key)))
        return err_set(e, ERR_LIMIT, "token_too_long", "the token's header does not fit");
    out[len++] = '.';
    if (!add_part(out, &len, payload_of(public_url, c)) || len + 1 + STR_BASE64URL_SIZE(SIGNATURE_BYTES) > TOKEN_MAX)
        return err_set(e, ERR_LIMIT, "token_too_long", "the token's claims do not fit");
    crypto_make_signature(key->secret_key, out, len, signature);
    out[len++] = '.';
    str_base64url(out + len, signature, sizeof signature);
    return ERR_OK;
}

static enum err_code bad(struct err *e, const char *why)
{
    return err_set(e, ERR_AUTH, "bad_token", "%s", why);
}

/* The JSON object in `len` characters of base64url. */
static bool read_part(const char *text, size_t len, json_t **out)
{
    char bytes[TOKEN_MAX];
    size_t bytes_len;

    return str_from_base64url(text, len, bytes, sizeof bytes, &bytes_len) &&
           json_parse_object(bytes, bytes_len, JSON_DEPTH, out, NULL) == ERR_OK;
}

/* The key that the header names, NULL when the header is not one of ours. */
static const struct signing_key *key_of_header(const struct key_ring *ring, const json_t *header)
{
    /* "crit" requires extensions that we do not have; the others would let the token bring its own key. */
    static const char *const REFUSED[] = { "crit", "jku", "jwk", "x5u", "x5c", "x5t", "x5t#S256", "b64" };
    const char *kid = json_text(header, "kid", "");

    for (size_t i = 0; i < sizeof REFUSED / sizeof REFUSED[0]; i++)
        if (json_given(header, REFUSED[i]))
            return NULL;
    if (strcmp(json_text(header, "alg", ""), "EdDSA") != 0 || strcmp(json_text(header, "typ", ""), "room+jwt") != 0)
        return NULL;
    for (int i = 0; i < ring->count; i++)
        if (strcmp(ring->keys[i].kid, kid) == 0)
            return &ring->keys[i];
    return NULL;
}

static bool read_index(const json_t *o, const char *name, const char *const *names, size_t count, int *out)
{
    const char *text = json_text(o, name, "");

    for (size_t i = 0; i < count; i++) {
        if (strcmp(names[i], text) == 0) {
            *out = (int)i;
            return true;
        }
    }
    return false;
}

static bool read_grants(const json_t *list, unsigned *out)
{
    size_t i;
    json_t *value;

    if (!json_is_array(list) || json_array_size(list) > GRANTS)
        return false;
    *out = 0;
    json_array_foreach((json_t *)list, i, value)
    {
        size_t g = 0;

        while (g < GRANTS && json_is_string(value) && strcmp(GRANT_NAMES[g], json_string_value(value)) != 0)
            g++;
        if (g == GRANTS || !json_is_string(value))
            return false;
        *out |= 1u << g;
    }
    return true;
}

static bool read_time(const json_t *o, const char *name, int64_t *out_ms)
{
    int64_t seconds = json_int(o, name, -1);

    *out_ms = seconds * (seconds <= SECONDS_MAX && seconds >= 0 ? 1000 : 0);
    return seconds >= 0 && seconds <= SECONDS_MAX;
}

/* Reads an id that may be absent. */
static bool read_id(const json_t *o, const char *name, char to[ID_SIZE])
{
    const json_t *value = json_object_get(o, name);

    to[0] = '\0';
    return !value || (json_is_string(value) && str_copy(to, ID_SIZE, json_string_value(value)));
}

/* Absent: zeros. */
static bool read_jar(const json_t *o, uint8_t hash[HASH_BYTES])
{
    const json_t *value = json_object_get(o, "jar");
    size_t len = 0;

    memset(hash, 0, HASH_BYTES);
    return !value || (json_is_string(value) &&
                      str_from_base64url(json_string_value(value), json_string_length(value), hash, HASH_BYTES, &len) &&
                      len == HASH_BYTES);
}

static bool read_claims(const json_t *o, struct token_claims *c)
{
    int role, name_from;

    if (!read_id(o, "sub", c->sub) || !read_id(o, "room", c->room) || !read_id(o, "jti", c->jti) ||
        !read_id(o, "uid", c->user_id) || !read_id(o, "inv", c->invitation_id) || !read_id(o, "sid", c->session_id))
        return false;
    if (!c->sub[0] || !c->room[0] || !c->jti[0] || !read_jar(o, c->guest_hash))
        return false;
    if (!json_is_string(json_object_get(o, "name")) || !str_copy(c->name, sizeof c->name, json_text(o, "name", "")))
        return false;
    if (!read_index(o, "role", ROLE_NAMES, 2, &role) || !read_index(o, "name_from", NAME_FROM_NAMES, 3, &name_from))
        return false;
    c->role = (enum seat_role)role;
    c->name_from = (enum seat_name_from)name_from;
    c->gen = json_int(o, "gen", -1);
    c->invitation_gen = c->invitation_id[0] ? json_int(o, "inv_gen", -1) : 0;
    c->back = json_is_true(json_object_get(o, "back"));
    c->another_jar = json_is_true(json_object_get(o, "inv_other"));
    return c->gen >= 0 && c->invitation_gen >= 0 && read_grants(json_object_get(o, "grants"), &c->grants) &&
           read_time(o, "iat", &c->iat_ms) && read_time(o, "nbf", &c->nbf_ms) && read_time(o, "exp", &c->exp_ms);
}

/* Checks everything that the payload must say, after the signature is verified. */
static enum err_code check_payload(const json_t *o, const char *public_url, int64_t now_ms, struct token_claims *out,
                                   struct err *e)
{
    if (strcmp(json_text(o, "iss", ""), public_url) != 0 || strcmp(json_text(o, "aud", ""), public_url) != 0)
        return bad(e, "the token is for another installation");
    if (!read_claims(o, out))
        return bad(e, "the token's claims are not those of a room token");
    if (now_ms + LEEWAY_MS < out->nbf_ms)
        return bad(e, "the token is not valid yet: check the clocks");
    if (now_ms - LEEWAY_MS >= out->exp_ms)
        return err_set(e, ERR_AUTH, "token_expired", "the token has expired: join again");
    return ERR_OK;
}

/* Finds the two dots of a compact JWS; false when there are more or fewer. */
static bool find_dots(const char *text, size_t len, size_t *first, size_t *second)
{
    const char *a = memchr(text, '.', len);
    const char *b = a ? memchr(a + 1, '.', len - (size_t)(a + 1 - text)) : NULL;

    if (!b || memchr(b + 1, '.', len - (size_t)(b + 1 - text)))
        return false;
    *first = (size_t)(a - text);
    *second = (size_t)(b - text);
    return true;
}

enum err_code token_verify(const struct key_ring *ring, const char *public_url, const char *text, size_t len,
                           int64_t now_ms, struct token_claims *out, struct err *e)
{
    json_t *header = NULL, *payload = NULL;
    const struct signing_key *key = NULL;
    uint8_t signature[SIGNATURE_BYTES];
    size_t first, second, signature_len = 0;
    enum err_code rc;

    memset(out, 0, sizeof *out);
    if (len >= TOKEN_MAX || !find_dots(text, len, &first, &second))
        return bad(e, "this is not a token");
    if (read_part(text, first, &header))
        key = key_of_header(ring, header);
    json_decref(header);
    if (!key)
        return bad(e, "the token's header is not that of a room token of ours");
    if (!str_from_base64url(text + second + 1, len - second - 1, signature, sizeof signature, &signature_len) ||
        signature_len != sizeof signature || !crypto_verify(key->public_key, text, second, signature))
        return bad(e, "the token's signature does not hold");
    if (!read_part(text + first + 1, second - first - 1, &payload))
        return bad(e, "the token holds no JSON object");
    rc = check_payload(payload, public_url, now_ms, out, e);
    json_decref(payload);
    if (rc != ERR_OK)
        memset(out, 0, sizeof *out); /* claims of a refused token must not be read */
    return rc;
}

bool token_key_due(const struct key_ring *ring, int64_t now_ms)
{
    return ring->count == 0 || now_ms - ring->keys[0].created_ms >= TOKEN_KEY_MS;
}

int token_keys_live(const struct key_ring *ring, int64_t now_ms)
{
    int live = ring->count > 0 ? 1 : 0;

    while (live < ring->count && now_ms - ring->keys[live - 1].created_ms < FOLLOWED_MS)
        live++;
    return live;
}

json_t *token_jwks(const struct key_ring *ring)
{
    json_t *keys = json_array();

    for (int i = 0; i < ring->count; i++) {
        char x[STR_BASE64URL_SIZE(SIGN_PUBLIC_BYTES)];

        str_base64url(x, ring->keys[i].public_key, SIGN_PUBLIC_BYTES);
        json_array_append_new(keys, json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "kty", "OKP", "crv", "Ed25519", "alg",
                                              "EdDSA", "use", "sig", "kid", ring->keys[i].kid, "x", x));
    }
    return json_pack("{s:o}", "keys", keys);
}

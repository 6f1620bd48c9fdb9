#include "doctor/stun.h"

#include <string.h>

#include "domain/crypto.h"
#include "tests/support/check.h"

static const uint8_t TRANSACTION[STUN_TRANSACTION] = { 0xb7, 0xe7, 0xa7, 0x01, 0xbc, 0x34,
                                                       0xd6, 0x86, 0xfa, 0x87, 0xdf, 0xae };

static struct stun_address address(const char *text, int port)
{
    struct stun_address a;

    CHECK(stun_address_parse(&a, text));
    a.port = port;
    return a;
}

static void what_is_made_can_be_taken_apart(void)
{
    static const char *const PEERS[] = { "192.0.2.1", "2001:db8:1234:5678:11:2233:4455:6677" };
    struct stun_request m;
    struct stun_answer a;
    char text[64];

    for (int i = 0; i < 2; i++) {
        struct stun_address peer = address(PEERS[i], 32853);

        stun_begin(&m, STUN_SEND, STUN_INDICATION, TRANSACTION);
        stun_add_peer(&m, &peer);
        stun_add_data(&m, "hello", 5);
        CHECK(stun_parse(m.bytes, m.len, &a));
        CHECK_INT(a.method, STUN_SEND);
        CHECK_INT(a.kind, STUN_INDICATION);
        CHECK_INT(a.peer.port, 32853);
        stun_address_text(&a.peer, text);
        CHECK_STR(text, PEERS[i]);
        CHECK_INT(a.data_len, 5);
        CHECK_MEM(a.data, "hello", 5);
        CHECK_MEM(a.transaction, TRANSACTION, sizeof TRANSACTION);
    }
}

/* RFC 5769, 2.2: the mapped address there is masked as a relayed one is here. */
static void an_address_is_masked_as_the_vectors_of_rfc_5769_say(void)
{
    const uint8_t bytes[] = { 0x01, 0x03, 0x00, 0x0c, 0x21, 0x12, 0xa4, 0x42, 0xb7, 0xe7, 0xa7,
                              0x01, 0xbc, 0x34, 0xd6, 0x86, 0xfa, 0x87, 0xdf, 0xae, 0x00, 0x16,
                              0x00, 0x08, 0x00, 0x01, 0xa1, 0x47, 0xe1, 0x12, 0xa6, 0x43 };
    struct stun_answer a;
    char text[64];

    CHECK(stun_parse(bytes, sizeof bytes, &a));
    CHECK_INT(a.kind, STUN_SUCCESS);
    CHECK_INT(a.method, STUN_ALLOCATE);
    stun_address_text(&a.relayed, text);
    CHECK_STR(text, "192.0.2.1");
    CHECK_INT(a.relayed.port, 32853);
}

/* RFC 5769, 2.4: long-term credentials. Its order of attributes is not ours, so the key alone is compared: MD5(name:realm:password). */
static void the_key_of_the_long_term_credentials_is_the_md5_of_name_realm_and_password(void)
{
    uint8_t key[16];

    crypto_md5("user:realm:pass", 15, key); /* RFC 5389, 15.4 */
    CHECK_MEM(key, "\x84\x93\xfb\xc5\x3b\xa5\x82\xfb\x4c\x04\x4c\x45\x6b\xdc\x40\xeb", 16);
}

static void a_request_is_signed_only_once_the_server_has_spoken(void)
{
    struct stun_login login = { .username = "1:parlour", .credential = "secret" };
    struct stun_request m;
    struct stun_answer a;

    stun_begin(&m, STUN_ALLOCATE, STUN_REQUEST, TRANSACTION);
    stun_add_transport_udp(&m);
    stun_sign(&m, &login);
    CHECK_INT(m.len, STUN_HEAD + 8);
    strcpy(login.realm, "example.org");
    strcpy(login.nonce, "f//499k954d6OL34oL9FSTvy64sA");
    stun_sign(&m, &login);
    CHECK(stun_parse(m.bytes, m.len, &a));
    CHECK_STR(a.realm, "example.org");
    CHECK_STR(a.nonce, "f//499k954d6OL34oL9FSTvy64sA");
    CHECK_INT(stun_length(m.bytes, m.len), m.len);
}

static void an_answer_that_is_cut_or_lies_about_its_length_is_refused(void)
{
    struct stun_address peer = address("192.0.2.1", 9);
    struct stun_request m;
    struct stun_answer a;

    stun_begin(&m, STUN_SEND, STUN_INDICATION, TRANSACTION);
    stun_add_peer(&m, &peer);
    for (size_t len = 0; len < m.len; len++)
        CHECK(!stun_parse(m.bytes, len, &a));
    m.bytes[STUN_HEAD + 3] = 200; /* the attribute is longer than the message */
    CHECK(!stun_parse(m.bytes, m.len, &a));
    CHECK_INT(stun_length((const uint8_t *)"220 mail.example.org ready\r\n", 28), 0);
}

static void an_error_is_a_number_from_300_to_699(void)
{
    uint8_t bytes[] = { 0x01, 0x13, 0x00, 0x08, 0x21, 0x12, 0xa4, 0x42, 1,    2,    3,    4,    5, 6,
                        7,    8,    9,    10,   11,   12,   0x00, 0x09, 0x00, 0x04, 0x00, 0x00, 4, 3 };
    struct stun_answer a;

    CHECK(stun_parse(bytes, sizeof bytes, &a));
    CHECK_INT(a.error, 403);
    CHECK_INT(a.kind, STUN_ERROR);
    bytes[27] = 200;
    CHECK(stun_parse(bytes, sizeof bytes, &a));
    CHECK_INT(a.error, 0);
}

static const struct check_test TESTS[] = {
    TEST(what_is_made_can_be_taken_apart),
    TEST(an_address_is_masked_as_the_vectors_of_rfc_5769_say),
    TEST(the_key_of_the_long_term_credentials_is_the_md5_of_name_realm_and_password),
    TEST(a_request_is_signed_only_once_the_server_has_spoken),
    TEST(an_answer_that_is_cut_or_lies_about_its_length_is_refused),
    TEST(an_error_is_a_number_from_300_to_699),
    { 0 },
};
CHECK_MAIN(TESTS)

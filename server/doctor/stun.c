#include "doctor/stun.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "domain/crypto.h"

#define COOKIE UINT32_C(0x2112a442)
#define MAC_BYTES 20

enum attribute {
    USERNAME = 0x0006,
    INTEGRITY = 0x0008,
    ERROR_CODE = 0x0009,
    LIFETIME = 0x000d,
    PEER = 0x0012,
    DATA = 0x0013,
    REALM = 0x0014,
    NONCE = 0x0015,
    RELAYED = 0x0016,
    FAMILY = 0x0017,
    TRANSPORT = 0x0019
};

static void put16(uint8_t *to, unsigned n)
{
    to[0] = (uint8_t)(n >> 8);
    to[1] = (uint8_t)n;
}

static unsigned get16(const uint8_t *from)
{
    return (unsigned)from[0] << 8 | from[1];
}

static void put_head(uint8_t *to, enum stun_method method, enum stun_class kind)
{
    put16(to, (unsigned)method | (unsigned)kind); /* methods below 16: no bits of the class lie between theirs */
    put16(to + 2, 0);
    put16(to + 4, COOKIE >> 16);
    put16(to + 6, COOKIE & 0xffff);
}

/* ---- making ---- */

void stun_begin(struct stun_request *request, enum stun_method method, enum stun_class kind,
                const uint8_t transaction[STUN_TRANSACTION])
{
    memset(request, 0, sizeof *request);
    put_head(request->bytes, method, kind);
    memcpy(request->transaction, transaction, STUN_TRANSACTION);
    memcpy(request->bytes + 8, transaction, STUN_TRANSACTION);
    request->len = STUN_HEAD;
}

static void set_length(struct stun_request *request, size_t more)
{
    put16(request->bytes + 2, (unsigned)(request->len - STUN_HEAD + more));
}

/* Everything that we send is short: what does not fit is our own mistake and left out. */
static void add(struct stun_request *request, enum attribute type, const void *value, size_t len)
{
    size_t padded = (len + 3) / 4 * 4;

    if (request->len + 4 + padded > sizeof request->bytes)
        return;
    put16(request->bytes + request->len, (unsigned)type);
    put16(request->bytes + request->len + 2, (unsigned)len);
    memcpy(request->bytes + request->len + 4, value, len);
    request->len += 4 + padded;
    set_length(request, 0);
}

void stun_add_transport_udp(struct stun_request *request)
{
    static const uint8_t UDP[4] = { 17 };

    add(request, TRANSPORT, UDP, sizeof UDP);
}

void stun_add_family(struct stun_request *request, bool ipv6)
{
    const uint8_t family[4] = { ipv6 ? 2 : 1 };

    add(request, FAMILY, family, sizeof family);
}

void stun_add_lifetime(struct stun_request *request, uint32_t seconds)
{
    uint8_t value[4];

    put16(value, seconds >> 16);
    put16(value + 2, seconds & 0xffff);
    add(request, LIFETIME, value, sizeof value);
}

/* Addresses are masked by the cookie and the transaction, which stand side by side in the head. */
static void mask(uint8_t *bytes, int size, const uint8_t *head)
{
    for (int i = 0; i < size; i++)
        bytes[i] ^= head[4 + i];
}

void stun_add_peer(struct stun_request *request, const struct stun_address *peer)
{
    uint8_t value[20] = { 0, peer->size == 4 ? 1 : 2 };

    put16(value + 2, (unsigned)peer->port ^ (COOKIE >> 16));
    memcpy(value + 4, peer->bytes, (size_t)peer->size);
    mask(value + 4, peer->size, request->bytes);
    add(request, PEER, value, 4 + (size_t)peer->size);
}

void stun_add_data(struct stun_request *request, const void *bytes, size_t len)
{
    add(request, DATA, bytes, len);
}

void stun_sign(struct stun_request *request, const struct stun_login *login)
{
    char text[sizeof login->username + sizeof login->realm + sizeof login->credential];
    uint8_t key[16], mac[MAC_BYTES];
    int len;

    if (!*login->nonce)
        return;
    add(request, USERNAME, login->username, strlen(login->username));
    add(request, REALM, login->realm, strlen(login->realm));
    add(request, NONCE, login->nonce, strlen(login->nonce));
    len = snprintf(text, sizeof text, "%s:%s:%s", login->username, login->realm, login->credential);
    crypto_md5(text, (size_t)len, key);
    set_length(request, 4 + MAC_BYTES); /* the MAC covers the length with itself */
    crypto_hmac_sha1(key, sizeof key, request->bytes, request->len, mac);
    add(request, INTEGRITY, mac, sizeof mac);
}

bool stun_address_parse(struct stun_address *address, const char *text)
{
    memset(address, 0, sizeof *address);
    if (inet_pton(AF_INET, text, address->bytes) == 1)
        address->size = 4;
    else if (inet_pton(AF_INET6, text, address->bytes) == 1)
        address->size = 16;
    return address->size > 0;
}

bool stun_address_equal(const struct stun_address *a, const struct stun_address *b)
{
    return a->size == b->size && memcmp(a->bytes, b->bytes, (size_t)a->size) == 0;
}

void stun_address_text(const struct stun_address *address, char to[64])
{
    if (address->size == 0 || !inet_ntop(address->size == 4 ? AF_INET : AF_INET6, address->bytes, to, 64))
        to[0] = '\0';
}

/* ---- taking apart ---- */

size_t stun_length(const uint8_t *bytes, size_t len)
{
    size_t body;

    if (len < STUN_HEAD || (bytes[0] & 0xc0) || get16(bytes + 4) != COOKIE >> 16 ||
        get16(bytes + 6) != (COOKIE & 0xffff))
        return 0;
    body = get16(bytes + 2);
    return body % 4 == 0 && STUN_HEAD + body <= STUN_MAX ? STUN_HEAD + body : 0;
}

static void read_text(const uint8_t *value, size_t len, char *to, size_t size)
{
    if (len >= size || memchr(value, '\0', len))
        return;
    memcpy(to, value, len);
    to[len] = '\0';
}

static void read_address(const uint8_t *value, size_t len, const uint8_t *head, struct stun_address *to)
{
    const int size = len == 8 && value[1] == 1 ? 4 : len == 20 && value[1] == 2 ? 16 : 0;

    if (size == 0)
        return;
    to->size = size;
    to->port = (int)(get16(value + 2) ^ (COOKIE >> 16));
    memcpy(to->bytes, value + 4, (size_t)size);
    mask(to->bytes, size, head);
}

static void read_error(const uint8_t *value, size_t len, struct stun_answer *out)
{
    int code = len < 4 ? 0 : (value[2] & 7) * 100 + value[3];

    out->error = code >= 300 && code <= 699 && value[3] < 100 ? code : 0;
}

static void read_attribute(unsigned type, const uint8_t *value, size_t len, const uint8_t *head,
                           struct stun_answer *out)
{
    if (type == ERROR_CODE)
        read_error(value, len, out);
    else if (type == REALM)
        read_text(value, len, out->realm, sizeof out->realm);
    else if (type == NONCE)
        read_text(value, len, out->nonce, sizeof out->nonce);
    else if (type == RELAYED)
        read_address(value, len, head, &out->relayed);
    else if (type == PEER)
        read_address(value, len, head, &out->peer);
    else if (type == DATA && len <= sizeof out->data) {
        memcpy(out->data, value, len);
        out->data_len = len;
    }
}

bool stun_parse(const uint8_t *bytes, size_t len, struct stun_answer *out)
{
    size_t at = STUN_HEAD;
    unsigned type;

    memset(out, 0, sizeof *out);
    if (len < STUN_HEAD || stun_length(bytes, len) != len)
        return false;
    type = get16(bytes);
    out->kind = type & 0x110;
    out->method = (type & 0x00f) | (type & 0x0e0) >> 1 | (type & 0x3e00) >> 2;
    memcpy(out->transaction, bytes + 8, STUN_TRANSACTION);
    while (at < len) {
        size_t size, padded;

        if (len - at < 4)
            return false;
        size = get16(bytes + at + 2);
        padded = (size + 3) / 4 * 4;
        if (padded > len - at - 4)
            return false;
        read_attribute(get16(bytes + at), bytes + at + 4, size, bytes, out);
        at += 4 + padded;
    }
    return true;
}

#include "doctor/turn_client.h"

#include <string.h>

#include "domain/crypto.h"
#include "domain/turn_credential.h"
#include "util/clock.h"
#include "util/mem.h"
#include "util/str.h"

#define AGAIN_MS 250 /* UDP loses: asked again after this */
#define TTL_S 120
#define PARTICIPANT "parlour-doctor"

enum err_code turn_open(struct turn_client *client, const struct net_target *target, enum net_kind kind,
                        const char *name, const char *secret, int64_t now_ms, struct net_wait wait, struct err *e)
{
    struct turn_credential made;

    memset(client, 0, sizeof *client);
    client->kind = kind;
    turn_credential_make(secret, PARTICIPANT, now_ms, TTL_S, &made);
    str_copy(client->login.username, sizeof client->login.username, made.username);
    str_copy(client->login.credential, sizeof client->login.credential, made.credential);
    mem_wipe(&made, sizeof made);
    return net_open(target, kind, name, wait, &client->link, e);
}

/* The next whole message. ERR_IO "not_turn" when something else comes. */
static enum err_code next_message(struct turn_client *client, struct stun_answer *out, struct net_wait wait,
                                  struct err *e)
{
    size_t got, whole;

    for (;;) {
        whole = stun_length(client->read, client->have);
        if (client->have >= STUN_HEAD && whole == 0)
            return err_set(e, ERR_IO, "not_turn", "the answer is not TURN");
        if (whole > 0 && client->have >= whole) {
            bool fine = stun_parse(client->read, whole, out);

            client->have -= whole;
            memmove(client->read, client->read + whole, client->have);
            if (fine)
                return ERR_OK;
            return err_set(e, ERR_IO, "not_turn", "the answer is not TURN");
        }
        enum err_code rc =
            net_receive(client->link, client->read + client->have, sizeof client->read - client->have, &got, wait, e);

        if (rc != ERR_OK)
            return rc;
        client->have += got;
    }
}

/* Datagrams stand alone: what is left of one is not the beginning of the next. */
static enum err_code next_answer(struct turn_client *client, struct stun_answer *out, struct net_wait wait,
                                 struct err *e)
{
    if (client->kind == NET_UDP)
        client->have = 0;
    return next_message(client, out, wait, e);
}

static bool is_timeout(enum err_code rc, const struct err *e)
{
    return rc == ERR_BUSY && strcmp(e->code, "timeout") == 0;
}

/* Waits for the answer to `request`; over UDP it is sent again. */
static enum err_code exchange(struct turn_client *client, const struct stun_request *request, struct stun_answer *out,
                              struct net_wait wait, struct err *e)
{
    enum err_code rc = net_send(client->link, request->bytes, request->len, wait, e);
    struct net_wait once = wait;

    while (rc == ERR_OK) {
        if (client->kind == NET_UDP && clock_mono_ms() + AGAIN_MS < wait.until_ms)
            once.until_ms = clock_mono_ms() + AGAIN_MS;
        else
            once = wait;
        rc = next_answer(client, out, once, e);
        if (is_timeout(rc, e) && clock_mono_ms() < wait.until_ms)
            rc = net_send(client->link, request->bytes, request->len, wait, e);
        else if (rc == ERR_OK && (out->kind & STUN_SUCCESS) &&
                 memcmp(out->transaction, request->transaction, STUN_TRANSACTION) == 0)
            return ERR_OK; /* STUN_ERROR has this bit as well */
    }
    return rc;
}

struct asked {
    enum stun_method method;
    bool ipv6;
    const struct stun_address *peer;
    uint32_t lifetime_s;
};

static void make(struct stun_request *request, const struct asked *asked, const struct stun_login *login)
{
    uint8_t transaction[STUN_TRANSACTION];

    crypto_random(transaction, sizeof transaction);
    stun_begin(request, asked->method, STUN_REQUEST, transaction);
    if (asked->method == STUN_ALLOCATE) {
        stun_add_transport_udp(request);
        if (asked->ipv6)
            stun_add_family(request, true);
    }
    if (asked->method == STUN_REFRESH)
        stun_add_lifetime(request, asked->lifetime_s);
    if (asked->peer)
        stun_add_peer(request, asked->peer);
    stun_sign(request, login);
}

/* Asks; and again when the server first names realm and nonce (401), or has a new nonce (438). */
static enum err_code ask(struct turn_client *client, const struct asked *asked, struct stun_answer *out,
                         struct net_wait wait, int *code, struct err *e)
{
    struct stun_request m;
    enum err_code rc;

    for (int tries = 0;; tries++) {
        const bool signed_in = *client->login.nonce != '\0';

        make(&m, asked, &client->login);
        rc = exchange(client, &m, out, wait, e);
        *code = rc == ERR_OK ? out->error : 0;
        if (rc != ERR_OK)
            return rc;
        if (out->kind == STUN_SUCCESS)
            return ERR_OK;
        if (!*out->nonce || tries == 2 || (signed_in && out->error != 438))
            return err_set(e, ERR_FORBIDDEN, "refused_by_turn", "error %d", out->error);
        if (*out->realm)
            str_copy(client->login.realm, sizeof client->login.realm, out->realm);
        str_copy(client->login.nonce, sizeof client->login.nonce, out->nonce);
    }
}

enum err_code turn_allocate(struct turn_client *client, bool ipv6, struct net_wait wait, int *code, struct err *e)
{
    struct stun_answer answer;
    enum err_code rc = ask(client, &(struct asked){ .method = STUN_ALLOCATE, .ipv6 = ipv6 }, &answer, wait, code, e);

    if (rc == ERR_OK && answer.relayed.size == 0)
        rc = err_set(e, ERR_IO, "not_turn", "the answer holds no address");
    if (rc == ERR_OK)
        client->relayed = answer.relayed;
    return rc;
}

enum err_code turn_permit(struct turn_client *client, const struct stun_address *peer, struct net_wait wait, int *code,
                          struct err *e)
{
    struct stun_answer answer;

    return ask(client, &(struct asked){ .method = STUN_PERMISSION, .peer = peer }, &answer, wait, code, e);
}

static enum err_code send_through(struct turn_client *from, const struct stun_address *to, const uint8_t *data,
                                  size_t len, struct net_wait wait, struct err *e)
{
    struct stun_request m;
    uint8_t transaction[STUN_TRANSACTION];

    crypto_random(transaction, sizeof transaction);
    stun_begin(&m, STUN_SEND, STUN_INDICATION, transaction);
    stun_add_peer(&m, to);
    stun_add_data(&m, data, len);
    return net_send(from->link, m.bytes, m.len, wait, e);
}

enum err_code turn_relays(struct turn_client *from, struct turn_client *to, struct net_wait wait, struct err *e)
{
    uint8_t data[16];
    struct stun_answer heard;
    enum err_code rc;

    crypto_random(data, sizeof data);
    do {
        struct net_wait once = wait;

        if (clock_mono_ms() + AGAIN_MS < wait.until_ms)
            once.until_ms = clock_mono_ms() + AGAIN_MS;
        rc = send_through(from, &to->relayed, data, sizeof data, wait, e);
        if (rc == ERR_OK)
            rc = next_answer(to, &heard, once, e);
        if (rc == ERR_OK && heard.method == STUN_DATA && heard.data_len == sizeof data &&
            memcmp(heard.data, data, sizeof data) == 0)
            return ERR_OK;
    } while ((rc == ERR_OK || is_timeout(rc, e)) && clock_mono_ms() < wait.until_ms);
    return rc == ERR_OK ? err_set(e, ERR_BUSY, "timeout", "nothing arrived") : rc;
}

void turn_close(struct turn_client *client)
{
    struct stun_request m;

    if (client->link && client->relayed.size > 0) {
        make(&m, &(struct asked){ .method = STUN_REFRESH, .lifetime_s = 0 }, &client->login);
        (void)!net_send(client->link, m.bytes, m.len, (struct net_wait){ .until_ms = clock_mono_ms() + AGAIN_MS },
                        NULL);
    }
    net_close(client->link);
    mem_wipe(client, sizeof *client);
}

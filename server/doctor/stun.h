/* stun.h - messages of STUN and TURN (RFC 8489, RFC 8656): made, and taken apart. Answers come from a stranger: nothing in them is
 * believed before it is checked. Pure; any thread. */
#ifndef DOCTOR_STUN_H
#define DOCTOR_STUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#define STUN_HEAD 20
#define STUN_MAX 1500
#define STUN_TRANSACTION 12
#define STUN_REALM_SIZE 128
#define STUN_NONCE_SIZE 160
#define STUN_DATA_MAX 64

enum stun_method {
    STUN_ALLOCATE = 0x003,
    STUN_REFRESH = 0x004,
    STUN_SEND = 0x006,
    STUN_DATA = 0x007,
    STUN_PERMISSION = 0x008
};
enum stun_class { STUN_REQUEST = 0x000, STUN_INDICATION = 0x010, STUN_SUCCESS = 0x100, STUN_ERROR = 0x110 };

/* ---- making ---- */

struct stun_request {
    uint8_t bytes[STUN_MAX];
    size_t len;
    uint8_t transaction[STUN_TRANSACTION];
};
/* An IPv4 or IPv6 address with its port. */
struct stun_address {
    uint8_t bytes[16];
    int size; /* 4 or 16; 0: none */
    int port;
};
/* The long-term credentials, once the server has said realm and nonce. */
struct stun_login {
    char username[256], credential[64];
    char realm[STUN_REALM_SIZE], nonce[STUN_NONCE_SIZE]; /* "" before the first answer */
};

void stun_begin(struct stun_request *request, enum stun_method method, enum stun_class kind,
                const uint8_t transaction[STUN_TRANSACTION]);
void stun_add_transport_udp(struct stun_request *request);     /* relay UDP */
void stun_add_family(struct stun_request *request, bool ipv6); /* of the relayed address */
void stun_add_lifetime(struct stun_request *request, uint32_t seconds);
void stun_add_peer(struct stun_request *request, const struct stun_address *peer);
void stun_add_data(struct stun_request *request, const void *bytes, size_t len);
void stun_sign(struct stun_request *request, const struct stun_login *login); /* last; nothing without a nonce */

/* False for what is no numeric address. */
bool stun_address_parse(struct stun_address *address, const char *text);
bool stun_address_equal(const struct stun_address *a, const struct stun_address *b); /* without the port */
void stun_address_text(const struct stun_address *address, char to[64]);

/* ---- taking apart ---- */

struct stun_answer {
    unsigned method; /* enum stun_method, or another */
    unsigned kind;   /* enum stun_class */
    uint8_t transaction[STUN_TRANSACTION];
    int error; /* 300 to 699; 0 none */
    char realm[STUN_REALM_SIZE], nonce[STUN_NONCE_SIZE];
    struct stun_address relayed, peer;
    uint8_t data[STUN_DATA_MAX];
    size_t data_len;
};
/* Length of the message that begins here, of which at least STUN_HEAD bytes are there; 0: this is no STUN. For streams. */
size_t stun_length(const uint8_t *bytes, size_t len);
/* False: not exactly one well-formed message. Attributes that are too long for us count as missing. */
bool stun_parse(const uint8_t *bytes, size_t len, struct stun_answer *out);

#endif

// links: doctor
/* Answers of STUN and TURN servers as `parlour doctor` reads them: any bytes must be refused cleanly or taken apart into values
 * that hold, from one message and from a stream of them. */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "doctor/stun.h"
#include "tests/fuzz/must.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void try_message(const uint8_t *bytes, size_t len)
{
    struct stun_answer a;
    struct stun_request again;
    struct stun_address text;
    char shown[64];

    if (!stun_parse(bytes, len, &a))
        return;
    MUST(a.error == 0 || (a.error >= 300 && a.error <= 699));
    MUST(memchr(a.realm, '\0', sizeof a.realm) && memchr(a.nonce, '\0', sizeof a.nonce));
    MUST(a.data_len <= sizeof a.data && a.method < 0x1000);
    MUST(a.relayed.size == 0 || a.relayed.size == 4 || a.relayed.size == 16);
    if (a.peer.size == 0)
        return;
    MUST(a.peer.port >= 0 && a.peer.port <= 65535);
    stun_address_text(&a.peer, shown);
    MUST(stun_address_parse(&text, shown) && stun_address_equal(&text, &a.peer));
    stun_begin(&again, STUN_SEND, STUN_INDICATION, a.transaction); /* what was read can be said */
    stun_add_peer(&again, &a.peer);
    stun_add_data(&again, a.data, a.data_len);
    MUST(stun_parse(again.bytes, again.len, &a));
    MUST(stun_address_equal(&text, &a.peer));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t at = 0, whole;

    try_message(data, size);
    while ((whole = stun_length(data + at, size - at)) > 0 && whole <= size - at) {
        try_message(data + at, whole);
        at += whole;
    }
    return 0;
}

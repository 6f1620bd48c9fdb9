#include "tls/tls_hello.h"

#define HANDSHAKE 22 /* RFC 8446 §5.1: a record of this type; others are encrypted, or say nothing */

/* Fills a head; true when it is complete. */
static bool fill(uint8_t *head, uint8_t *have, uint8_t size, char byte)
{
    head[(*have)++] = (uint8_t)byte;
    if (*have < size)
        return false;
    *have = 0;
    return true;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* A part of a record of the handshake. Messages may share a record, and records a message. */
static bool messages_fit(struct tls_hello *hello, const char *bytes, size_t len)
{
    while (len > 0) {
        size_t skip = least(len, hello->message_left);

        hello->message_left -= (uint32_t)skip;
        bytes += skip;
        len -= skip;
        if (len == 0)
            break;
        len--;
        if (!fill(hello->message, &hello->message_have, sizeof hello->message, *bytes++))
            continue;
        hello->message_left = (uint32_t)(hello->message[1] << 16 | hello->message[2] << 8 | hello->message[3]);
        if (hello->message_left > TLS_HELLO_MAX)
            return false;
    }
    return true;
}

bool tls_hello_fits(struct tls_hello *hello, const char *bytes, size_t len)
{
    while (len > 0) {
        size_t part = least(len, hello->record_left);

        if (hello->record[0] == HANDSHAKE && !messages_fit(hello, bytes, part))
            return false;
        hello->record_left -= (uint32_t)part;
        bytes += part;
        len -= part;
        if (len == 0)
            break;
        len--;
        if (fill(hello->record, &hello->record_have, sizeof hello->record, *bytes++))
            hello->record_left = (uint32_t)(hello->record[3] << 8 | hello->record[4]);
    }
    return true;
}

// links: http
/* Request heads before libmicrohttpd sees them: the verdict is the same however the bytes arrive, it comes within the largest size,
 * and a head that is let through holds nothing that two parsers could read differently. */
#include <stdint.h>
#include <string.h>

#include "http/http_exchange.h"
#include "http/http_framing.h"
#include "http/http_strict.h"
#include "tests/fuzz/must.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void must_be_plain(const char *head, size_t len)
{
    MUST(len >= 4 && len <= HTTP_HEAD_MAX && memcmp(head + len - 4, "\r\n\r\n", 4) == 0);
    for (size_t i = 0; i < len; i++) {
        MUST(head[i] != '\0');
        MUST(head[i] != '\n' || (i > 0 && head[i - 1] == '\r'));
        MUST(head[i] != '\r' || (i + 1 < len && head[i + 1] == '\n'));
    }
    for (size_t i = 0; i + 2 < len; i++) /* no line is folded */
        MUST(head[i] != '\n' || (head[i + 1] != ' ' && head[i + 1] != '\t'));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    const char *text = (const char *)bytes;
    struct strict_head head = { 0 }, again = { 0 };
    struct err e = { 0 };
    enum strict_verdict verdict = http_strict_check(text, len, &head, &e);

    MUST(verdict != STRICT_MORE || len < HTTP_HEAD_MAX);
    if (verdict == STRICT_BAD)
        MUST(e.code[0] && e.detail[0]);
    if (verdict != STRICT_GOOD)
        return 0;
    must_be_plain(text, head.bytes);
    MUST(http_strict_check(text, head.bytes, &again, &e) == STRICT_GOOD);
    MUST(again.bytes == head.bytes && again.body == head.body);
    for (size_t n = 0; n < head.bytes; n += 1 + head.bytes / 64)
        MUST(http_strict_check(text, n, &again, &e) == STRICT_MORE);
    return 0;
}

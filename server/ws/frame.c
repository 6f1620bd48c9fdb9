#include "ws/frame.h"

#include <stdint.h>
#include <string.h>

#include "util/str.h"

#define CLIENT_HEAD_MAX 14 /* with eight bytes of length and the mask */
#define FRAGMENTS_MAX 1024 /* browsers do not fragment; without a bound, empty fragments would cost nothing to send */

enum { FAIL_PROTOCOL = 1002, FAIL_POLICY = 1008, FAIL_TOO_BIG = 1009 };

struct head {
    enum frame_kind kind;
    bool final;
    size_t size; /* length of the head; 0: not yet complete */
    uint64_t len;
    const unsigned char *mask;
};

void frame_reader_init(struct frame_reader *reader, size_t message_max)
{
    *reader = (struct frame_reader){
        .raw.max = CLIENT_HEAD_MAX + message_max + FRAME_CHUNK_MAX,
        .message.max = message_max,
    };
}

void frame_reader_clear(struct frame_reader *reader)
{
    buf_clear(&reader->raw);
    buf_clear(&reader->message);
}

/* ---- in ---- */

static bool is_control(enum frame_kind kind)
{
    return kind >= FRAME_CLOSE;
}

/* Checks the first two bytes: no extension was agreed, the opcode is known, clients mask, control frames are short and not
 * fragmented. */
static bool first_bytes_allowed(const unsigned char *at, const struct head *h)
{
    bool known = h->kind <= FRAME_BINARY || (h->kind >= FRAME_CLOSE && h->kind <= FRAME_PONG);

    return (at[0] & 0x70) == 0 && known && (at[1] & 0x80) != 0 &&
           (!is_control(h->kind) || (h->final && (at[1] & 0x7f) <= FRAME_CONTROL_MAX));
}

static uint64_t big_endian(const unsigned char *at, size_t bytes)
{
    uint64_t value = 0;

    for (size_t i = 0; i < bytes; i++)
        value = value << 8 | at[i];
    return value;
}

/* The close code when the frame is not acceptable. */
static int read_head(const unsigned char *at, size_t have, struct head *h)
{
    size_t wide;

    h->size = 0;
    if (have < 2)
        return 0;
    h->kind = (enum frame_kind)(at[0] & 0x0f);
    h->final = (at[0] & 0x80) != 0;
    if (!first_bytes_allowed(at, h))
        return FAIL_PROTOCOL;
    h->len = at[1] & 0x7f;
    wide = h->len == 127 ? 8 : h->len == 126 ? 2 : 0;
    if (have < 2 + wide + 4)
        return 0;
    if (wide > 0)
        h->len = big_endian(at + 2, wide);
    if ((wide == 2 && h->len < 126) || (wide == 8 && (h->len < 65536 || h->len >> 63)))
        return FAIL_PROTOCOL; /* §5.2: the fewest bytes that hold it, the highest bit zero */
    h->mask = at + 2 + wide;
    h->size = 2 + wide + 4;
    return 0;
}

/* Does this frame fit its predecessors? */
static int check_order(const struct frame_reader *reader, const struct head *h)
{
    if (is_control(h->kind))
        return 0;
    if ((h->kind == FRAME_CONTINUATION) != (reader->fragments > 0))
        return FAIL_PROTOCOL;
    if (reader->fragments >= FRAGMENTS_MAX)
        return FAIL_POLICY;
    return h->len > reader->message.max - reader->message.len ? FAIL_TOO_BIG : 0;
}

static void unmask(char *bytes, size_t len, const unsigned char mask[4])
{
    uint32_t once;
    uint64_t twice, w;
    size_t i = 0;

    memcpy(&once, mask, 4);
    twice = (uint64_t)once << 32 | once;
    for (; len - i >= 8; i += 8) {
        memcpy(&w, bytes + i, 8);
        w ^= twice;
        memcpy(bytes + i, &w, 8);
    }
    for (; i < len; i++)
        bytes[i] = (char)(bytes[i] ^ mask[i % 4]);
}

/* Part of a message, or all of it: only a fragmented message is copied. */
static bool take_data(struct frame_reader *reader, const struct head *h, const char *bytes, frame_taker take, void *ctx)
{
    struct buf whole;
    bool more;

    if (h->final && reader->fragments == 0)
        return take(ctx, h->kind, bytes, (size_t)h->len);
    if (reader->fragments++ == 0)
        reader->kind = h->kind;
    buf_add(&reader->message, bytes, (size_t)h->len);
    if (!h->final)
        return true;
    whole = reader->message;
    reader->message = (struct buf){ .max = whole.max };
    reader->fragments = 0;
    more = take(ctx, reader->kind, buf_text(&whole), whole.len);
    buf_clear(&whole);
    return more;
}

/* The rest is the beginning of a frame. */
static void keep_rest(struct frame_reader *reader, const char *at, size_t left)
{
    if (left == 0) {
        buf_clear(&reader->raw);
    } else if (reader->raw.len == 0) {
        buf_add(&reader->raw, at, left);
    } else if (left < reader->raw.len) { /* copied: the memory of read frames is returned */
        struct buf rest = { .max = reader->raw.max };

        buf_add(&rest, at, left);
        buf_clear(&reader->raw);
        reader->raw = rest;
    }
}

int frame_read(struct frame_reader *reader, char *bytes, size_t len, frame_taker take, void *ctx)
{
    char *at = bytes;
    size_t left = len;
    bool more = true;

    if (reader->raw.len > 0) {
        buf_add(&reader->raw, bytes, len);
        at = reader->raw.data;
        left = reader->raw.len;
    }
    while (more && left > 0) {
        struct head h;
        int fault = read_head((const unsigned char *)at, left, &h);

        if (fault == 0 && h.size > 0)
            fault = check_order(reader, &h);
        if (fault)
            return fault;
        if (h.size == 0 || left - h.size < h.len)
            break;
        at += h.size;
        unmask(at, (size_t)h.len, h.mask);
        more = is_control(h.kind) ? take(ctx, h.kind, at, (size_t)h.len) : take_data(reader, &h, at, take, ctx);
        at += h.len;
        left -= h.size + (size_t)h.len;
    }
    keep_rest(reader, at, more ? left : 0);
    return 0;
}

int frame_close_code(const char *bytes, size_t len)
{
    int code;

    if (len == 0)
        return FRAME_NO_CODE;
    if (len == 1)
        return 0;
    code = (int)big_endian((const unsigned char *)bytes, 2);
    if (!((code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999)))
        return 0;
    return str_is_utf8(bytes + 2, len - 2) ? code : FRAME_NOT_UTF8;
}

/* ---- out ---- */

size_t frame_head(char *to, enum frame_kind kind, size_t len)
{
    unsigned char *at = (unsigned char *)to;
    size_t wide = len < 126 ? 0 : len < 65536 ? 2 : 8;

    at[0] = (unsigned char)(0x80 | kind);
    at[1] = (unsigned char)(wide == 0 ? len : wide == 2 ? 126 : 127);
    for (size_t i = 0; i < wide; i++)
        at[2 + i] = (unsigned char)((uint64_t)len >> (8 * (wide - 1 - i)));
    return 2 + wide;
}

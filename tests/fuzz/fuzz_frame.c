// links: ws
/* WebSocket frames: wherever the bytes are cut, they are read the same; and the server reads exactly what a client writes. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/must.h"
#include "ws/frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

#define MESSAGE_MAX 300
#define HEARD_MAX (1 << 18)
/* All messages taken, as kind, length and bytes in a row. */
struct heard {
    struct buf all;
    bool closed; /* nothing is read after a goodbye */
};

static void note(struct buf *all, enum frame_kind kind, const char *bytes, size_t len)
{
    unsigned char head[3] = { (unsigned char)kind, (unsigned char)(len >> 8), (unsigned char)len };

    MUST(len <= MESSAGE_MAX && kind != FRAME_CONTINUATION);
    MUST(kind < FRAME_CLOSE || len <= FRAME_CONTROL_MAX);
    buf_add(all, head, sizeof head);
    buf_add(all, bytes, len);
}

static bool take(void *ctx, enum frame_kind kind, const char *bytes, size_t len)
{
    struct heard *h = ctx;

    note(&h->all, kind, bytes, len);
    h->closed = kind == FRAME_CLOSE;
    return !h->closed;
}

/* Reads in pieces of `step` bytes, the first of `first`; a copy each, so that reading too far is seen. */
static int read_in_pieces(const uint8_t *bytes, size_t len, size_t first, size_t step, struct buf *all)
{
    struct heard heard = { .all.max = HEARD_MAX };
    struct frame_reader r;
    int fault = 0;

    frame_reader_init(&r, MESSAGE_MAX);
    for (size_t at = 0, n = first; at < len && fault == 0 && !heard.closed; at += n, n = step) {
        char *piece;

        n = n < len - at ? n : len - at;
        piece = malloc(n);
        MUST(piece);
        memcpy(piece, bytes + at, n);
        fault = frame_read(&r, piece, n, take, &heard);
        free(piece);
        MUST(fault || (r.raw.len <= MESSAGE_MAX + 14 && r.message.len <= MESSAGE_MAX));
    }
    frame_reader_clear(&r);
    *all = heard.all;
    return fault;
}

static void same(const struct buf *a, const struct buf *b)
{
    MUST(a->len == b->len && memcmp(buf_text(a), buf_text(b), a->len) == 0);
}

static void cut_anywhere(const uint8_t *bytes, size_t len, size_t cut)
{
    struct buf whole, pieces, two;
    int fault = read_in_pieces(bytes, len, len, len, &whole);

    MUST(fault == 0 || fault == 1002 || fault == 1008 || fault == 1009);
    MUST(read_in_pieces(bytes, len, 1, 1, &pieces) == fault);
    MUST(read_in_pieces(bytes, len, cut % len + 1, len, &two) == fault);
    same(&whole, &pieces);
    same(&whole, &two);
    buf_clear(&whole);
    buf_clear(&pieces);
    buf_clear(&two);
}

/* As a client writes it: with its own mask. */
static void add_frame(struct buf *wire, enum frame_kind kind, const uint8_t *bytes, size_t len, const uint8_t mask[4])
{
    char head[FRAME_HEAD_MAX];
    size_t head_len = frame_head(head, kind, len);

    head[1] = (char)(head[1] | 0x80);
    buf_add(wire, head, head_len);
    buf_add(wire, mask, 4);
    for (size_t i = 0; i < len; i++)
        buf_add(wire, &(char){ (char)(bytes[i] ^ mask[i % 4]) }, 1);
}

/* The input cut into messages: one byte of kind, one of length, then as many bytes as there are. */
static void what_is_written_is_read(const uint8_t *bytes, size_t len, const uint8_t mask[4])
{
    static const enum frame_kind KINDS[] = { FRAME_TEXT, FRAME_BINARY, FRAME_PING, FRAME_PONG };
    struct buf wire = { .max = HEARD_MAX }, said = { .max = HEARD_MAX }, heard;

    while (len >= 2) {
        enum frame_kind kind = KINDS[bytes[0] % 4];
        size_t most = kind >= FRAME_CLOSE ? FRAME_CONTROL_MAX : 255, n = bytes[1] < most ? bytes[1] : most;

        bytes += 2;
        len -= 2;
        n = n < len ? n : len;
        add_frame(&wire, kind, bytes, n, mask);
        note(&said, kind, (const char *)bytes, n);
        bytes += n;
        len -= n;
    }
    MUST(read_in_pieces((const uint8_t *)buf_text(&wire), wire.len, 7, 61, &heard) == 0);
    same(&heard, &said);
    buf_clear(&wire);
    buf_clear(&said);
    buf_clear(&heard);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    if (len < 8 || len > 8192)
        return 0;
    if (bytes[0] & 1)
        cut_anywhere(bytes + 2, len - 2, bytes[1]);
    else
        what_is_written_is_read(bytes + 6, len - 6, bytes + 2);
    return 0;
}

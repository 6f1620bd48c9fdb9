#include "ws/frame.h"

#include <stdint.h>

#include "tests/support/check.h"

#define LONGEST 70000

/* The messages read, one word each: T:hello for a text, T#300 for a long one; B, C, P and p for binary, close, ping and pong. */
static bool take(void *ctx, enum frame_kind kind, const char *bytes, size_t len)
{
    static const char NAMES[] = "?TB-----CPp";

    if (len > 20)
        buf_printf(ctx, "%c#%zu ", NAMES[kind], len);
    else
        buf_printf(ctx, "%c:%.*s ", NAMES[kind], (int)len, bytes);
    return kind != FRAME_CLOSE;
}

static void add(struct buf *wire, int first, const char *bytes, size_t len)
{
    static const char MASK[4] = { 'k', 'e', 'y', '!' };
    char head[FRAME_HEAD_MAX];
    size_t head_len = frame_head(head, FRAME_TEXT, len);

    head[0] = (char)first;
    head[1] = (char)(head[1] | 0x80);
    buf_add(wire, head, head_len);
    buf_add(wire, MASK, 4);
    for (size_t i = 0; i < len; i++)
        buf_add(wire, &(char){ (char)(bytes[i] ^ MASK[i % 4]) }, 1);
}

/* Reads `wire` in pieces of `step`; the words go to `heard`. Clears `wire`. */
static int read_all(struct buf *wire, size_t step, struct buf *heard)
{
    struct frame_reader r;
    int fault = 0;

    *heard = (struct buf){ .max = 4096 };
    frame_reader_init(&r, LONGEST);
    for (size_t at = 0; at < wire->len && fault == 0; at += step)
        fault = frame_read(&r, wire->data + at, wire->len - at < step ? wire->len - at : step, take, heard);
    frame_reader_clear(&r);
    buf_clear(wire);
    return fault;
}

static void check_read(struct buf *wire, size_t step, int fault, const char *words)
{
    struct buf heard;

    CHECK_INT(read_all(wire, step, &heard), fault);
    CHECK_STR(buf_text(&heard), words);
    buf_clear(&heard);
}

static void frames_are_read_however_they_are_cut(void)
{
    for (size_t step = 1; step < 40; step++) {
        struct buf wire = { .max = 4096 };

        add(&wire, 0x81, "hello", 5);
        add(&wire, 0x81, "", 0);
        add(&wire, 0x82, "\x01", 1);
        add(&wire, 0x89, "ping", 4);
        add(&wire, 0x8a, "pong", 4);
        check_read(&wire, step, 0, "T:hello T: B:\x01 P:ping p:pong ");
    }
}

static void lengths_of_all_three_forms_are_read(void)
{
    static const size_t SIZES[] = { 125, 126, 127, 65535, 65536, LONGEST };
    static char bytes[LONGEST];
    char words[32];

    for (size_t i = 0; i < sizeof SIZES / sizeof *SIZES; i++) {
        struct buf wire = { .max = 2 * LONGEST };

        add(&wire, 0x81, bytes, SIZES[i]);
        snprintf(words, sizeof words, "T#%zu ", SIZES[i]);
        check_read(&wire, 16384, 0, words);
    }
}

static void fragments_are_one_message_with_control_frames_between(void)
{
    struct buf wire = { .max = 4096 };

    add(&wire, 0x01, "one ", 4);
    add(&wire, 0x89, "now", 3);
    add(&wire, 0x00, "two ", 4);
    add(&wire, 0x80, "three", 5);
    add(&wire, 0x81, "next", 4);
    check_read(&wire, 7, 0, "P:now T:one two three T:next ");
}

static void nothing_is_read_after_a_goodbye(void)
{
    struct buf wire = { .max = 4096 };

    add(&wire, 0x88, "", 0);
    add(&wire, 0x81, "late", 4);
    check_read(&wire, 4096, 0, "C: ");
}

/* The bytes, and the code they must be failed with. */
static void frames_that_no_client_may_send_are_refused(void)
{
    static const struct {
        const char *what, *bytes; /* `what` for the reader */
        size_t len;
        int fault;
    } WRONG[] = {
        { "no mask", "\x81\x01", 2, 1002 },
        { "reserved bit", "\xc1\x80", 2, 1002 },
        { "opcode 3", "\x83\x80", 2, 1002 },
        { "opcode 15", "\x8f\x80", 2, 1002 },
        { "a ping in pieces", "\x09\x80", 2, 1002 },
        { "a ping of 126 bytes", "\x89\xfe", 2, 1002 },
        { "125 in the form of 126", "\x81\xfe\x00\x7d....", 8, 1002 },
        { "65535 in the form of 65536", "\x81\xff\0\0\0\0\0\0\xff\xff....", 14, 1002 },
        { "the highest bit of the length", "\x81\xff\x80\0\0\0\0\0\0\0....", 14, 1002 },
        { "a length beyond all", "\x81\xff\x7f\xff\xff\xff\xff\xff\xff\xff....", 14, 1009 },
        { "one byte too long", "\x81\xff\0\0\0\0\0\x01\x11\x71....", 14, 1009 },
        { "the rest of nothing", "\x80\x80....", 6, 1002 },
        { "a message within a message", "\x01\x80....\x81\x80....", 12, 1002 },
    };

    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++)
        for (size_t step = 1; step <= 14; step += 13) {
            struct buf wire = { .max = 64 };

            buf_add(&wire, WRONG[i].bytes, WRONG[i].len);
            check_read(&wire, step, WRONG[i].fault, "");
        }
}

static void a_message_is_bounded_in_bytes_and_in_pieces(void)
{
    static char bytes[LONGEST];
    struct buf wire = { .max = 3 * LONGEST };

    add(&wire, 0x01, bytes, LONGEST - 1);
    add(&wire, 0x00, bytes, 1);
    add(&wire, 0x80, bytes, 1);
    check_read(&wire, 65536, 1009, "");
    add(&wire, 0x01, "", 0);
    for (int i = 0; i < 1024; i++)
        add(&wire, 0x00, "", 0);
    check_read(&wire, 65536, 1008, "");
}

static void the_rest_of_a_read_keeps_only_its_own_space(void)
{
    static char bytes[60000];
    struct buf wire = { .max = 3 * LONGEST }, heard = { .max = 4096 };
    struct frame_reader r;
    size_t first;

    add(&wire, 0x81, bytes, sizeof bytes);
    first = wire.len;
    add(&wire, 0x81, "hello", 5);
    frame_reader_init(&r, LONGEST);
    CHECK_INT(frame_read(&r, wire.data, first - 1, take, &heard), 0);
    CHECK_INT(r.raw.len, first - 1);
    CHECK_INT(frame_read(&r, wire.data + first - 1, wire.len - first, take, &heard), 0);
    CHECK_STR(buf_text(&heard), "T#60000 ");
    CHECK(r.raw.len > 0 && r.raw.cap < 1024);
    CHECK_INT(frame_read(&r, wire.data + wire.len - 1, 1, take, &heard), 0);
    CHECK_STR(buf_text(&heard), "T#60000 T:hello ");
    CHECK(r.raw.data == NULL);
    frame_reader_clear(&r);
    buf_clear(&wire);
    buf_clear(&heard);
}

static void close_codes_are_those_of_the_standard(void)
{
    static const int GOOD[] = { 1000, 1003, 1007, 1014, 3000, 4999 },
                     WRONG[] = { 0, 999, 1004, 1005, 1006, 1015, 2999, 5000, 65535 };

    CHECK_INT(frame_close_code("", 0), 1005);
    CHECK_INT(frame_close_code("x", 1), 0);
    CHECK_INT(frame_close_code("\x03\xe8\xff", 3), 1007);
    CHECK_INT(frame_close_code("\x03\xe8\xc3", 3), 1007); /* ends inside a character */
    CHECK_INT(frame_close_code("\x03\xed\xff", 3), 0);
    for (size_t i = 0; i < sizeof GOOD / sizeof *GOOD; i++)
        CHECK_INT(frame_close_code((char[]){ (char)(GOOD[i] >> 8), (char)GOOD[i] }, 2), GOOD[i]);
    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++)
        CHECK_INT(frame_close_code((char[]){ (char)(WRONG[i] >> 8), (char)WRONG[i] }, 2), 0);
}

static void heads_take_the_fewest_bytes(void)
{
    static const struct {
        size_t len, head_len;
        const char *head;
    } HEADS[] = {
        { 0, 2, "\x81\x00" },
        { 125, 2, "\x81\x7d" },
        { 126, 4, "\x81\x7e\x00\x7e" },
        { 65535, 4, "\x81\x7e\xff\xff" },
        { 65536, 10, "\x81\x7f\0\0\0\0\0\x01\0\0" },
    };
    char head[FRAME_HEAD_MAX];

    for (size_t i = 0; i < sizeof HEADS / sizeof *HEADS; i++) {
        CHECK_INT(frame_head(head, FRAME_TEXT, HEADS[i].len), HEADS[i].head_len);
        CHECK_MEM(head, HEADS[i].head, HEADS[i].head_len);
    }
}

static const struct check_test TESTS[] = {
    TEST(frames_are_read_however_they_are_cut),
    TEST(lengths_of_all_three_forms_are_read),
    TEST(fragments_are_one_message_with_control_frames_between),
    TEST(nothing_is_read_after_a_goodbye),
    TEST(frames_that_no_client_may_send_are_refused),
    TEST(a_message_is_bounded_in_bytes_and_in_pieces),
    TEST(the_rest_of_a_read_keeps_only_its_own_space),
    TEST(close_codes_are_those_of_the_standard),
    TEST(heads_take_the_fewest_bytes),
    { 0 },
};
CHECK_MAIN(TESTS)

#include "ws/resume.h"

#include <stdio.h>

#include "tests/support/check.h"

static struct payload *message(size_t len)
{
    struct payload *p = payload_new("test", len);

    memset(p->body, 'x', len);
    return p;
}

static void add(struct resume *r, int count, size_t len)
{
    for (int i = 0; i < count; i++)
        resume_add(r, message(len));
}

/* Writes all waiting messages; returns their number, and checks that they are numbered in sequence from `first`. */
static int write_all(struct resume *r, int64_t first)
{
    int64_t seq;
    int n = 0;

    for (; resume_next(r, &seq); n++)
        CHECK_INT(seq, first + n);
    return n;
}

static void numbers_rise_by_one(void)
{
    struct resume r = { 0 };

    add(&r, 3, 10);
    CHECK_INT(r.unsent_bytes, 30);
    CHECK_INT(write_all(&r, 1), 3);
    add(&r, 2, 10);
    CHECK_INT(resume_unsent(&r), 2);
    CHECK_INT(write_all(&r, 4), 2);
    CHECK_INT(r.unsent_bytes, 0);
    resume_clear(&r);
    CHECK_INT(r.bytes, 0);
    CHECK(r.slots == NULL);
    CHECK_INT(r.last_seq, 5); /* the numbers go on */
    add(&r, 1, 10);
    CHECK_INT(write_all(&r, 6), 1);
    resume_clear(&r);
}

static void unseen_messages_are_written_again(void)
{
    struct resume r = { 0 };

    add(&r, 5, 10);
    CHECK_INT(write_all(&r, 1), 5);
    CHECK(resume_rewind(&r, 2));
    CHECK_INT(r.unsent_bytes, 30);
    CHECK_INT(write_all(&r, 3), 3);
    CHECK(resume_rewind(&r, 5));
    CHECK_INT(write_all(&r, 6), 0);
    CHECK(!resume_rewind(&r, 6)); /* never said */
    CHECK(!resume_rewind(&r, -1));
    resume_clear(&r);
}

static void too_many_messages_displace_the_oldest_and_that_is_known(void)
{
    struct resume r = { 0 };

    add(&r, RESUME_MESSAGES_MAX + 10, 10);
    CHECK_INT(r.count, RESUME_MESSAGES_MAX);
    CHECK(!resume_rewind(&r, 5));
    CHECK_INT(resume_unsent(&r), 0);
    CHECK(resume_rewind(&r, 10));
    CHECK_INT(write_all(&r, 11), RESUME_MESSAGES_MAX);
    resume_clear(&r);
}

static void too_many_bytes_do_as_well(void)
{
    struct resume r = { 0 };

    add(&r, 20, RESUME_BYTES_MAX / 10);
    CHECK(r.bytes <= RESUME_BYTES_MAX);
    CHECK(r.unsent_bytes <= r.bytes);
    CHECK_INT(r.last_seq, 20);
    resume_clear(&r);
    CHECK_INT(r.unsent_bytes, 0);
}

static void forgetting_keeps_unwritten_messages(void)
{
    struct resume r = { 0 };
    int64_t seq;

    add(&r, 4, 10);
    (void)resume_next(&r, &seq);
    (void)resume_next(&r, &seq);
    resume_forget(&r, 0, 0);
    CHECK_INT(r.count, 2);
    CHECK(!resume_rewind(&r, 1));
    resume_clear(&r);
    add(&r, 4, 10);
    CHECK_INT(write_all(&r, 5), 4);
    resume_forget(&r, 20, 0);
    CHECK_INT(r.count, 2);
    resume_clear(&r);
}

/* The next sender waits for it, and a full ring is half a thousand messages. */
static void a_full_ring_goes_in_pieces(void)
{
    struct resume r = { 0 };
    int turns = 0;

    add(&r, RESUME_MESSAGES_MAX, 10);
    CHECK_INT(write_all(&r, 1), RESUME_MESSAGES_MAX);
    resume_forget(&r, 0, 0);
    CHECK_INT(r.count, RESUME_MESSAGES_MAX - RESUME_FORGET_MOST);
    resume_forget(&r, 0, 10 * 3 * RESUME_FORGET_MOST); /* as many bytes as came in: it never grows by this */
    CHECK_INT(r.count, RESUME_MESSAGES_MAX - 4 * RESUME_FORGET_MOST);
    for (; r.count > 0 && turns < RESUME_MESSAGES_MAX; turns++)
        resume_forget(&r, 0, 0);
    CHECK_INT(turns, RESUME_MESSAGES_MAX / RESUME_FORGET_MOST - 4);
    CHECK(!r.slots);
}

static void a_copy_of_the_rest_has_the_same_numbers(void)
{
    struct resume r = { 0 }, rest = { 0 };
    int64_t seq;

    add(&r, 3, 10);
    (void)resume_next(&r, &seq);
    resume_copy_unsent(&rest, &r);
    resume_clear(&r);
    CHECK_INT(rest.unsent_bytes, 20);
    CHECK_INT(write_all(&rest, 2), 2);
    resume_clear(&rest);
}

static void a_frame_is_head_number_and_body(void)
{
    struct buf body = { .max = 100 };
    struct payload *p;
    char frame[200];
    size_t len;

    buf_add_text(&body, "\"text\":\"hi\"}");
    p = payload_from("chat", &body);
    len = payload_frame(p, 9, frame);
    frame[len] = '\0';
    CHECK_STR(frame, "{\"type\":\"chat\",\"seq\":9,\"text\":\"hi\"}");
    len = payload_frame(p, 0, frame);
    frame[len] = '\0';
    CHECK_STR(frame, "{\"type\":\"chat\",\"text\":\"hi\"}");
    payload_unref(p);
    buf_clear(&body);
}

static const struct check_test TESTS[] = {
    TEST(numbers_rise_by_one),
    TEST(unseen_messages_are_written_again),
    TEST(too_many_messages_displace_the_oldest_and_that_is_known),
    TEST(too_many_bytes_do_as_well),
    TEST(forgetting_keeps_unwritten_messages),
    TEST(a_full_ring_goes_in_pieces),
    TEST(a_copy_of_the_rest_has_the_same_numbers),
    TEST(a_frame_is_head_number_and_body),
    { 0 },
};
CHECK_MAIN(TESTS)

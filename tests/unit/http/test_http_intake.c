/* The bytes that libmicrohttpd would read, over socket pairs: the recv() of this program is the one that libmicrohttpd uses. */
#include "http/http_intake.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http/http_framing.h"
#include "tests/support/check.h"
#include "util/buf.h"

#define GET "GET /a HTTP/1.1\r\nHost: x\r\n\r\n"
#define POST "POST /b HTTP/1.1\r\nContent-Length: 5\r\n\r\nab\r\nc"
#define BAD "POST /c HTTP/1.1\r\nContent-Length: x\r\n\r\n"
#define STAND_IN "GET ! HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"

static int near_end, far_end, parts;
static struct http_intake *in;

static void began(void *arg)
{
    (*(int *)arg)++;
}

static void begin(void)
{
    int pair[2];

    CHECK_INT(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair), 0);
    near_end = pair[0];
    far_end = pair[1];
    parts = 0;
    in = http_intake_start(near_end, began, &parts);
}

static void end(void)
{
    http_intake_end(in);
    close(near_end);
    close(far_end);
}

/* All that can be read now, by reads of `size` bytes, for as long as epoll's edges let libmicrohttpd go on. */
static const char *read_by(size_t size, struct buf *got)
{
    buf_reset(got);
    for (;;) {
        char bytes[32768];
        ssize_t n = recv(near_end, bytes, size, 0);

        if (n <= 0) {
            CHECK(n == 0 || errno == EAGAIN);
            break;
        }
        buf_add(got, bytes, (size_t)n);
        if ((size_t)n < size)
            break;
    }
    return buf_text(got);
}

static void expect(const char *sent, const char *wanted)
{
    static const size_t SIZES[] = { 1, 7, 64, 32768 };
    struct buf got = { .max = 1 << 20 };

    for (size_t i = 0; i < sizeof SIZES / sizeof *SIZES; i++) {
        begin();
        CHECK_INT(send(far_end, sent, strlen(sent), 0), (ssize_t)strlen(sent));
        CHECK_STR(read_by(SIZES[i], &got), wanted);
        end();
    }
    buf_clear(&got);
}

static void whole_requests_pass_as_they_came(void)
{
    expect(GET, GET);
    expect(GET POST GET, GET POST GET);
    expect(GET POST "GET /par", GET POST);
    expect("POST / HTTP/1.1\r\nContent-Length: 99\r\n\r\nGET is a body",
           "POST / HTTP/1.1\r\nContent-Length: 99\r\n\r\nGET is a body");
    expect("GET / HTTP/1.1", "");
}

static void one_request_replaces_a_bad_head_and_all_after_it(void)
{
    expect(BAD, STAND_IN);
    expect(BAD "{}" GET, STAND_IN);
    expect(GET POST BAD GET, GET POST STAND_IN);
    expect("HEAD / HTTP/9\r\n\r\n" GET, "HEAD ! HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
}

static void the_reason_belongs_to_that_request_alone(void)
{
    struct buf got = { .max = 1 << 20 };

    CHECK_STR(http_intake_refused(NULL, "/a")->code, "busy");
    begin();
    CHECK_STR(http_intake_refused(in, "/a")->code, "busy"); /* libmicrohttpd has read it elsewhere */
    send(far_end, GET BAD, strlen(GET BAD), 0);
    read_by(32768, &got);
    CHECK(http_intake_refused(in, "/a") == NULL); /* libmicrohttpd comes to it only now */
    CHECK_STR(http_intake_refused(in, "!")->code, "bad_request");
    send(far_end, GET, strlen(GET), 0);
    CHECK_STR(read_by(32768, &got), "");
    end();
    buf_clear(&got);
}

static void a_head_that_comes_in_pieces_is_passed_on_when_it_is_complete(void)
{
    static const char ALL[] = GET POST GET;
    struct buf got = { .max = 1 << 20 }, sum = { .max = 1 << 20 };

    begin();
    for (size_t i = 0; i < sizeof ALL - 1; i++) {
        send(far_end, ALL + i, 1, 0);
        read_by(100, &got);
        if (i + 1 < strlen(GET))
            CHECK_INT(got.len, 0);
        buf_add(&sum, buf_text(&got), got.len);
    }
    CHECK_STR(buf_text(&sum), ALL);
    CHECK_INT(parts, 3); /* of each head once */
    CHECK(!http_intake_has_part(in));
    send(far_end, GET GET "GET", 2 * strlen(GET) + 3, 0);
    read_by(sizeof GET, &got); /* a byte more than one */
    CHECK(http_intake_has_part(in));
    end();
    buf_clear(&got);
    buf_clear(&sum);
}

static void a_head_without_end_is_refused_when_it_is_too_large(void)
{
    struct buf got = { .max = 1 << 20 };
    char part[1000];
    size_t sent = 0;

    memset(part, 'a', sizeof part);
    memcpy(part, "GET / HTTP/1.1\r\nX: ", 19);
    begin();
    while (got.len == 0 && sent < 2 * HTTP_HEAD_MAX) {
        send(far_end, part, sizeof part, 0);
        memset(part, 'a', sizeof part);
        sent += sizeof part;
        read_by(4096, &got);
    }
    CHECK_STR(buf_text(&got), STAND_IN);
    CHECK_STR(http_intake_refused(in, "!")->code, "head_too_large");
    CHECK(sent <= HTTP_HEAD_MAX + sizeof part);
    end();
    buf_clear(&got);
}

static void the_end_and_other_descriptors_are_read_as_usual(void)
{
    char byte;

    begin();
    shutdown(far_end, SHUT_WR);
    CHECK_INT(recv(near_end, &byte, 1, 0), 0);
    CHECK_INT(send(near_end, "\n\n", 2, 0), 2);
    CHECK_INT(recv(far_end, &byte, 1, MSG_PEEK), 1);
    CHECK_INT(recv(far_end, &byte, 1, 0), 1);
    CHECK_INT(recv(-1, &byte, 1, 0), -1);
    CHECK_INT(errno, EBADF);
    end();
    http_intake_end(NULL);
    CHECK(http_intake_start(-1, began, NULL) == NULL);
}

static const struct check_test TESTS[] = {
    TEST(whole_requests_pass_as_they_came),
    TEST(one_request_replaces_a_bad_head_and_all_after_it),
    TEST(the_reason_belongs_to_that_request_alone),
    TEST(a_head_that_comes_in_pieces_is_passed_on_when_it_is_complete),
    TEST(a_head_without_end_is_refused_when_it_is_too_large),
    TEST(the_end_and_other_descriptors_are_read_as_usual),
    { 0 },
};

int main(int argc, char **argv)
{
    return check_run(TESTS, argc, argv);
}

#include "app/control.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/support/check.h"
#include "util/buf.h"
#include "util/clock.h"

static char folder[] = "/tmp/parlour-control-XXXXXX";
static atomic_int calls;

/* Prints the request to both streams, and returns the number it was given. */
static int run(void *arg, const json_t *request, const struct control_output *output)
{
    const char *text = json_string_value(json_object_get(request, "text"));
    int times = (int)json_integer_value(json_object_get(request, "times"));

    calls++;
    CHECK(arg == &calls);
    for (int i = 0; i < times && !*output->unheard; i++)
        output->write(output->arg, CONTROL_OUT, text, strlen(text));
    if (times < 0) /* a file instead of text */
        output->give(output->arg, open("/proc/self/comm", O_RDONLY | O_CLOEXEC));
    output->write(output->arg, CONTROL_ERR, "words\n", 6);
    return (int)json_integer_value(json_object_get(request, "status"));
}

struct heard {
    struct buf out, err;
    int file;
};

static void take(void *arg, int fd)
{
    ((struct heard *)arg)->file = fd;
}

static void hear(void *arg, enum control_stream stream, const char *bytes, size_t len)
{
    struct heard *h = arg;

    buf_add(stream == CONTROL_OUT ? &h->out : &h->err, bytes, len);
}

static enum err_code ask(const char *text, int times, int want, struct heard *h, int *status, struct err *e)
{
    bool unheard = false;
    struct control_output output = { hear, take, h, &unheard };
    json_t *request = json_pack("{s:s,s:i,s:i}", "text", text, "times", times, "status", want);
    enum err_code rc;

    *h = (struct heard){ .out = { .max = 4 << 20 }, .err = { .max = 1000 }, .file = -1 };
    rc = control_call(folder, request, &output, status, e);
    json_decref(request);
    return rc;
}

static void forget(struct heard *h)
{
    buf_clear(&h->out);
    buf_clear(&h->err);
}

static struct control *start(void)
{
    struct control *c = NULL;

    CHECK_INT(control_start(folder, run, &calls, &c, NULL), ERR_OK);
    return c;
}

static void a_command_is_run_and_its_output_comes_back(void)
{
    struct control *c = start();
    struct heard h;
    int status = -1;

    CHECK_INT(ask("hällo \"you\"\n", 2, 3, &h, &status, NULL), ERR_OK);
    CHECK_INT(status, 3);
    CHECK_STR(buf_text(&h.out), "hällo \"you\"\nhällo \"you\"\n");
    CHECK_STR(buf_text(&h.err), "words\n");
    forget(&h);
    control_stop(c);
}

static void long_answers_come_whole(void)
{
    static char text[60001];
    struct control *c = start();
    struct heard h;
    int status = -1;

    for (size_t i = 0; i + 3 < sizeof text; i += 3)
        memcpy(text + i, "\xe2\x82\xac", 3); /* three bytes each, so that a cut inside one shows */
    CHECK_INT(ask(text, 40, 0, &h, &status, NULL), ERR_OK);
    CHECK_INT(h.out.len, 40 * strlen(text));
    CHECK_INT(status, 0);
    forget(&h);
    control_stop(c);
}

static void a_file_comes_as_a_descriptor_that_no_child_inherits(void)
{
    struct control *c = start();
    struct heard h;
    char name[16] = { 0 };
    int status = -1;

    CHECK_INT(ask("x", -1, 0, &h, &status, NULL), ERR_OK);
    CHECK_INT(status, 0);
    CHECK(read(h.file, name, sizeof name - 1) > 0);
    CHECK(strstr(name, "unit_app") != NULL); /* of this process: the server ran in it */
    CHECK_INT(fcntl(h.file, F_GETFD), FD_CLOEXEC);
    CHECK_STR(buf_text(&h.err), "words\n");
    close(h.file);
    forget(&h);
    control_stop(c);
}

static void without_a_server_there_is_nobody(void)
{
    struct heard h;
    struct err e = { 0 };
    int status = -1;

    CHECK_INT(ask("x", 1, 0, &h, &status, &e), ERR_NOT_FOUND);
    CHECK_STR(e.code, "not_running");
    forget(&h);
}

static void only_its_owner_may_use_the_socket_and_it_goes_with_the_server(void)
{
    struct control *c = start();
    char path[100];
    struct stat st;

    snprintf(path, sizeof path, "%s/control.sock", folder);
    CHECK(stat(path, &st) == 0 && S_ISSOCK(st.st_mode) && (st.st_mode & 0777) == 0600);
    control_stop(c);
    CHECK(stat(path, &st) != 0);
}

static void a_socket_left_by_a_killed_server_is_replaced(void)
{
    struct sockaddr_un at = { .sun_family = AF_UNIX };
    int left = socket(AF_UNIX, SOCK_STREAM, 0);
    struct control *c;
    struct heard h;
    int status = -1;

    snprintf(at.sun_path, sizeof at.sun_path, "%s/control.sock", folder);
    CHECK(bind(left, (struct sockaddr *)&at, sizeof at) == 0);
    close(left);
    CHECK_INT(ask("x", 1, 0, &h, &status, NULL), ERR_NOT_FOUND);
    forget(&h);
    c = start();
    CHECK_INT(ask("x", 1, 0, &h, &status, NULL), ERR_OK);
    forget(&h);
    control_stop(c);
}

/* A client that breaks the rules gets an answer or an end, and the next one is served. */
static void talk(const char *bytes, size_t len, char *answer, size_t size)
{
    struct sockaddr_un at = { .sun_family = AF_UNIX };
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    ssize_t n, total = 0;

    snprintf(at.sun_path, sizeof at.sun_path, "%s/control.sock", folder);
    CHECK(connect(fd, (struct sockaddr *)&at, sizeof at) == 0);
    for (size_t sent = 0; sent < len && (n = send(fd, bytes + sent, len - sent, MSG_NOSIGNAL)) > 0; sent += (size_t)n)
        ;
    shutdown(fd, SHUT_WR);
    while ((n = read(fd, answer + total, size - 1 - (size_t)total)) > 0)
        total += n;
    answer[total] = '\0';
    close(fd);
}

static void nonsense_is_answered_and_does_no_harm(void)
{
    static char large[CONTROL_REQUEST_MAX_BYTES + 5000];
    struct control *c = start();
    char answer[1000];
    struct heard h;
    int status = -1, before = calls;

    talk("", 0, answer, sizeof answer);
    talk("no json\n", 8, answer, sizeof answer);
    CHECK(strstr(answer, "\"status\":1") != NULL);
    talk("[1]\n", 4, answer, sizeof answer);
    CHECK(strstr(answer, "not understood") != NULL);
    memset(large, 'a', sizeof large);
    talk(large, sizeof large, answer, sizeof answer);
    CHECK_INT(calls, before);
    CHECK_INT(ask("x", 1, 0, &h, &status, NULL), ERR_OK);
    forget(&h);
    control_stop(c);
}

static int connect_silently(void)
{
    struct sockaddr_un at = { .sun_family = AF_UNIX };
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    snprintf(at.sun_path, sizeof at.sun_path, "%s/control.sock", folder);
    CHECK(connect(fd, (struct sockaddr *)&at, sizeof at) == 0);
    return fd;
}

static void a_silent_client_keeps_neither_the_others_nor_the_stop_waiting(void)
{
    struct control *c = start();
    int idle = connect_silently(), half = connect_silently();
    int64_t from_ms;
    struct heard h;
    int status = -1;

    CHECK_INT(write(half, "{\"text\":", 8), 8);
    CHECK_INT(ask("x", 1, 0, &h, &status, NULL), ERR_OK);
    forget(&h);
    from_ms = clock_mono_ms();
    control_stop(c);
    CHECK(clock_mono_ms() - from_ms < 500);
    close(idle);
    close(half);
}

static void a_client_that_does_not_read_is_dropped_at_the_stop_and_told_that_the_answer_is_incomplete(void)
{
    static const char REQUEST[] =
        "{\"text\":\"0123456789012345678901234567890123456789\",\"times\":100000,\"status\":0}\n";
    struct control *c = start();
    char answer[5000];
    int fd = connect_silently();
    int64_t from_ms;
    ssize_t n, last = 0;

    CHECK_INT(write(fd, REQUEST, strlen(REQUEST)), strlen(REQUEST));
    CHECK(read(fd, answer, 100) > 0); /* it has begun */
    from_ms = clock_mono_ms();
    control_stop(c);
    CHECK(clock_mono_ms() - from_ms < 3000);
    while ((n = read(fd, answer, sizeof answer - 1)) > 0)
        last = n;
    answer[last] = '\0';
    CHECK(strstr(answer, "\"status\"") == NULL); /* without it no client takes the answer for whole */
    close(fd);
}

static void a_long_path_is_no_obstacle(void)
{
    char path[300];
    struct control *c = NULL;
    int n = snprintf(path, sizeof path, "%s/", folder);

    memset(path + n, 'd', 150);
    path[n + 150] = '\0';
    CHECK(mkdir(path, 0700) == 0);
    CHECK_INT(control_start(path, run, &calls, &c, NULL), ERR_OK);
    control_stop(c);
}

static const struct check_test TESTS[] = {
    TEST(a_command_is_run_and_its_output_comes_back),
    TEST(long_answers_come_whole),
    TEST(a_file_comes_as_a_descriptor_that_no_child_inherits),
    TEST(without_a_server_there_is_nobody),
    TEST(only_its_owner_may_use_the_socket_and_it_goes_with_the_server),
    TEST(a_socket_left_by_a_killed_server_is_replaced),
    TEST(nonsense_is_answered_and_does_no_harm),
    TEST(a_silent_client_keeps_neither_the_others_nor_the_stop_waiting),
    TEST(a_client_that_does_not_read_is_dropped_at_the_stop_and_told_that_the_answer_is_incomplete),
    TEST(a_long_path_is_no_obstacle),
    { 0 },
};

int main(int argc, char **argv)
{
    char command[100];
    int failed;

    if (!mkdtemp(folder))
        return 1;
    failed = check_run(TESTS, argc, argv);
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command) != 0 || failed;
}

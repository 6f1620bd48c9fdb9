#include "app/control.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "observe/log.h"
#include "util/buf.h"
#include "util/clock.h"
#include "util/json_fields.h"
#include "util/mem.h"
#include "util/str.h"

#define SOCKET_NAME "control.sock"
#define THREADS 4                          /* so that a slow reader does not keep the others out */
#define READ_TIMEOUT_MS 30000              /* for the request */
#define WRITE_TIMEOUT_MS 120000            /* without progress: a reader may pause */
#define STOP_WRITE_MS 1000                 /* time left for an answer once the server stops */
#define ANSWER_LINE_MAX_BYTES (256 * 1024) /* the client's limit for one line */
#define OUTPUT_CHUNK_BYTES (16 * 1024)     /* text in one answer line */

struct control {
    int listener;
    int folder;                  /* the data folder, O_PATH */
    int stop;                    /* eventfd, readable once the server stops */
    atomic_int_fast64_t stop_ms; /* monotonic: when answers end; 0 before the stop */
    pthread_t threads[THREADS];
    int thread_count;
    control_run run;
    void *arg;
};

/* sun_path holds 108 bytes, a data folder may be longer: so the path goes through the folder's descriptor. */
static bool socket_address(int folder, struct sockaddr_un *to)
{
    *to = (struct sockaddr_un){ .sun_family = AF_UNIX };
    return snprintf(to->sun_path, sizeof to->sun_path, "/proc/self/fd/%d/" SOCKET_NAME, folder) <
           (int)sizeof to->sun_path;
}

/* A connection: on the command's side it blocks, on the server's (`server` set) it waits and watches for the stop. */
struct channel {
    int fd;
    struct control *server;
    int file;    /* came with a line and is not yet taken; -1 none */
    bool failed; /* the other side has stopped reading; nothing more is sent */
};

/* True when it may go on: ready, or blocking. Once the server stops, it does not wait for requests, and not long for answers. */
static bool wait_ready(const struct channel *ch, short events, int timeout_ms)
{
    struct pollfd watched[] = { { .fd = ch->fd, .events = events },
                                { .fd = ch->server ? ch->server->stop : -1, .events = POLLIN } };
    int64_t until_ms = clock_mono_ms() + timeout_ms;

    if (!ch->server)
        return true;
    for (;;) {
        int64_t stop_ms = atomic_load(&ch->server->stop_ms), left_ms;

        if (stop_ms && events == POLLIN)
            return false;
        if (stop_ms) {
            until_ms = stop_ms < until_ms ? stop_ms : until_ms;
            watched[1].fd = -1;
        }
        left_ms = until_ms - clock_mono_ms();
        if (left_ms <= 0 || (poll(watched, 2, (int)left_ms) < 0 && errno != EINTR))
            return false;
        if (watched[0].revents)
            return true;
    }
}

static bool send_all(struct channel *ch, const char *bytes, size_t len)
{
    while (len > 0 && !ch->failed) {
        ssize_t n = send(ch->fd, bytes, len, MSG_NOSIGNAL);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && errno == EAGAIN && wait_ready(ch, POLLOUT, WRITE_TIMEOUT_MS))
            continue;
        ch->failed = n <= 0;
        bytes += n > 0 ? n : 0;
        len -= n > 0 ? (size_t)n : 0;
    }
    return !ch->failed;
}

/* Room for one descriptor beside the bytes, aligned for the header in front of it. */
union one_file {
    struct cmsghdr head;
    char room[CMSG_SPACE(sizeof(int))];
};

/* The line that accompanies a descriptor. */
static bool send_file(struct channel *ch, int fd)
{
    static const char LINE[] = "{\"file\":true}\n";
    union one_file control = { .room = { 0 } };
    struct iovec bytes = { .iov_base = (void *)(uintptr_t)LINE, .iov_len = sizeof LINE - 1 };
    struct msghdr m = { .msg_iov = &bytes, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control };
    struct cmsghdr *part = CMSG_FIRSTHDR(&m);
    ssize_t n;

    part->cmsg_level = SOL_SOCKET;
    part->cmsg_type = SCM_RIGHTS;
    part->cmsg_len = CMSG_LEN(sizeof fd);
    memcpy(CMSG_DATA(part), &fd, sizeof fd);
    while ((n = sendmsg(ch->fd, &m, MSG_NOSIGNAL)) < 0 &&
           (errno == EINTR || (errno == EAGAIN && wait_ready(ch, POLLOUT, WRITE_TIMEOUT_MS))))
        continue;
    ch->failed = ch->failed || n <= 0;
    return !ch->failed && send_all(ch, LINE + n, sizeof LINE - 1 - (size_t)n);
}

/* recv(); a command also takes the descriptor that comes with the bytes. The server accepts none. */
static ssize_t receive(struct channel *ch, char *to, size_t len)
{
    union one_file control;
    struct iovec bytes = { .iov_base = to, .iov_len = len };
    struct msghdr m = { .msg_iov = &bytes, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control };
    struct cmsghdr *part;
    ssize_t n;

    if (ch->server)
        return recv(ch->fd, to, len, 0);
    n = recvmsg(ch->fd, &m, MSG_CMSG_CLOEXEC);
    part = n > 0 ? CMSG_FIRSTHDR(&m) : NULL;
    if (part && part->cmsg_level == SOL_SOCKET && part->cmsg_type == SCM_RIGHTS) {
        if (ch->file >= 0)
            close(ch->file);
        memcpy(&ch->file, CMSG_DATA(part), sizeof ch->file);
    }
    return n;
}

/* Takes the reference of `line`. */
static bool send_line(struct channel *ch, json_t *line)
{
    char *text = line ? json_dumps(line, JSON_COMPACT) : NULL;
    bool ok = text && send_all(ch, text, strlen(text)) && send_all(ch, "\n", 1);

    if (text) {
        mem_wipe(text, strlen(text)); /* a request may carry a password */
        free(text);
    }
    json_decref(line);
    return ok;
}

/* Reads on until `in` holds a whole line; its length, 0 at the end or when it is too long. */
static size_t read_line(struct channel *ch, struct buf *in)
{
    for (;;) {
        char *newline = in->len > 0 ? memchr(in->data, '\n', in->len) : NULL;
        char *room;
        ssize_t n;

        if (newline)
            return (size_t)(newline - in->data) + 1;
        room = buf_reserve(in, 4096);
        if (!room)
            return 0;
        if (!wait_ready(ch, POLLIN, READ_TIMEOUT_MS))
            return 0;
        n = receive(ch, room, 4096);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return 0;
        buf_advance(in, (size_t)n);
    }
}

/* ---- the server's side ---- */

static bool peer_is_trusted(int fd)
{
    struct ucred peer;
    socklen_t len = sizeof peer;

    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) != 0)
        return false;
    return peer.uid == 0 || peer.uid == geteuid();
}

/* Splits at characters, because each line is JSON of its own and must be UTF-8. */
static size_t chunk_len(const char *bytes, size_t len)
{
    size_t n = len < OUTPUT_CHUNK_BYTES ? len : OUTPUT_CHUNK_BYTES;

    while (n < len && n > 0 && ((unsigned char)bytes[n] & 0xc0) == 0x80)
        n--;
    return n;
}

static void write_to_peer(void *arg, enum control_stream stream, const char *bytes, size_t len)
{
    struct channel *ch = arg;

    while (len > 0) {
        size_t n = chunk_len(bytes, len);

        if (!send_line(ch, json_pack("{s:s%}", stream == CONTROL_OUT ? "out" : "err", bytes, n)))
            return; /* the peer has gone or stopped reading; the command sees `unheard` */
        bytes += n;
        len -= n;
    }
}

static void give_to_peer(void *arg, int fd)
{
    send_file(arg, fd);
    close(fd);
}

static void serve_peer(struct control *control, int fd)
{
    struct buf in = { .max = CONTROL_REQUEST_MAX_BYTES };
    struct channel ch = { .fd = fd, .server = control, .file = -1 };
    struct control_output output = { write_to_peer, give_to_peer, &ch, &ch.failed };
    json_t *request = NULL;
    struct err e = { 0 };
    int status = 1;
    size_t len;

    if (!peer_is_trusted(fd)) {
        log_event(LOG_WARN, "control.refused", "reason=other_user");
        return;
    }
    len = read_line(&ch, &in);
    if (len > 0 && json_parse_object(in.data, len, 8, &request, &e) == ERR_OK)
        status = control->run(control->arg, request, &output);
    else
        write_to_peer(&ch, CONTROL_ERR, "the request was not understood\n", strlen("the request was not understood\n"));
    send_line(&ch, json_pack("{s:i}", "status", status));
    json_decref(request);
    buf_wipe(&in);
}

static void *control_thread(void *arg)
{
    struct control *control = arg;
    struct pollfd watched[] = { { .fd = control->stop, .events = POLLIN },
                                { .fd = control->listener, .events = POLLIN } };

    for (;;) {
        if (poll(watched, 2, -1) < 0 && errno != EINTR)
            return NULL;
        if (watched[0].revents)
            return NULL;
        if (watched[1].revents) {
            int fd = accept4(control->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

            if (fd >= 0) {
                serve_peer(control, fd);
                close(fd);
            } else if (errno != EAGAIN) { /* another thread was quicker */
                poll(watched, 1, 100);    /* out of descriptors: do not spin */
            }
        }
    }
}

static enum err_code listen_at(struct control *control, const char *data_folder, struct err *e)
{
    struct sockaddr_un at;

    control->folder = open(data_folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
    control->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    control->stop = eventfd(0, EFD_CLOEXEC);
    if (control->folder < 0 || control->listener < 0 || control->stop < 0 || !socket_address(control->folder, &at))
        return err_set(e, ERR_IO, "io", "cannot make the control socket: %s", strerror(errno));
    unlinkat(control->folder, SOCKET_NAME, 0);
    /* Before bind(), so that others can never connect; the umask is 077 anyway. */
    fchmod(control->listener, 0600);
    if (bind(control->listener, (struct sockaddr *)&at, sizeof at) != 0 || listen(control->listener, 8) != 0)
        return err_set(e, ERR_IO, "io", "cannot listen on %s/" SOCKET_NAME ": %s", data_folder, strerror(errno));
    return ERR_OK;
}

static void control_free(struct control *control)
{
    if (control->folder >= 0)
        close(control->folder);
    if (control->listener >= 0)
        close(control->listener);
    if (control->stop >= 0)
        close(control->stop);
    mem_free(control);
}

static void join_threads(struct control *control)
{
    for (int i = 0; i < control->thread_count; i++)
        pthread_join(control->threads[i], NULL);
    control->thread_count = 0;
}

enum err_code control_start(const char *data_folder, control_run run, void *arg, struct control **out, struct err *e)
{
    struct control *control = mem_new(sizeof *control);
    enum err_code rc;

    control->folder = control->listener = control->stop = -1;
    control->run = run;
    control->arg = arg;
    rc = listen_at(control, data_folder, e);
    for (; rc == ERR_OK && control->thread_count < THREADS; control->thread_count++)
        if (pthread_create(&control->threads[control->thread_count], NULL, control_thread, control) != 0) {
            rc = err_set(e, ERR_IO, "io", "cannot start the control threads");
            break;
        }
    if (rc != ERR_OK) {
        control_begin_stop(control);
        join_threads(control);
        control_free(control);
        return rc;
    }
    *out = control;
    return ERR_OK;
}

void control_begin_stop(struct control *control)
{
    uint64_t one = 1;
    int_fast64_t before = 0;

    if (control && atomic_compare_exchange_strong(&control->stop_ms, &before, clock_mono_ms() + STOP_WRITE_MS) &&
        control->stop >= 0)
        (void)!write(control->stop, &one, sizeof one);
}

void control_stop(struct control *control)
{
    if (!control)
        return;
    control_begin_stop(control);
    join_threads(control);
    unlinkat(control->folder, SOCKET_NAME, 0);
    control_free(control);
}

/* ---- the command's side ---- */

static enum err_code connect_to(const char *data_folder, int *fd, struct err *e)
{
    struct sockaddr_un at;
    int folder = open(data_folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
    int failed = errno;
    bool ok = false;

    *fd = -1;
    if (folder >= 0 && socket_address(folder, &at)) {
        *fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        ok = *fd >= 0 && connect(*fd, (struct sockaddr *)&at, sizeof at) == 0;
        failed = errno;
    }
    if (folder >= 0)
        close(folder);
    if (ok) {
        return ERR_OK;
    }
    if (*fd >= 0)
        close(*fd);
    if (failed == EACCES || failed == EPERM)
        return err_set(e, ERR_FORBIDDEN, "forbidden", "%s belongs to another user. Run this as that user or as root",
                       data_folder);
    return err_set(e, ERR_NOT_FOUND, "not_running", "no server runs on %s", data_folder);
}

/* Passes on one answer line; true when it was the last. */
static bool take_answer(struct channel *ch, const char *line, size_t len, const struct control_output *output,
                        int *status, bool *ok)
{
    json_t *answer = json_loadb(line, len, 0, NULL);
    json_t *out = json_object_get(answer, "out"), *err = json_object_get(answer, "err"),
           *last = json_object_get(answer, "status");

    *ok = answer != NULL;
    if (json_is_string(out))
        output->write(output->arg, CONTROL_OUT, json_string_value(out), json_string_length(out));
    if (json_is_string(err))
        output->write(output->arg, CONTROL_ERR, json_string_value(err), json_string_length(err));
    if (json_object_get(answer, "file") && ch->file >= 0) {
        output->give(output->arg, ch->file);
        ch->file = -1;
    }
    if (json_is_integer(last))
        *status = (int)json_integer_value(last);
    bool end = !answer || last;

    json_decref(answer);
    return end;
}

enum err_code control_call(const char *data_folder, const json_t *request, const struct control_output *output,
                           int *status, struct err *e)
{
    struct buf in = { .max = ANSWER_LINE_MAX_BYTES };
    struct channel ch = { .file = -1 };
    enum err_code rc;
    bool ok = false;
    size_t len;

    rc = connect_to(data_folder, &ch.fd, e);
    if (rc != ERR_OK)
        return rc;
    if (send_line(&ch, json_deep_copy(request))) {
        while (!*output->unheard && (len = read_line(&ch, &in)) > 0) {
            bool end = take_answer(&ch, in.data, len, output, status, &ok);

            buf_consume(&in, len);
            if (end)
                break;
            ok = false; /* until the status has come */
        }
    }
    close(ch.fd);
    if (ch.file >= 0)
        close(ch.file);
    buf_wipe(&in);
    if (*output->unheard)
        return err_set(e, ERR_IO, "unheard", "the answer could not be written to its end");
    return ok ? ERR_OK
              : err_set(e, ERR_IO, "interrupted",
                        "the server ended, or waited too long for this side to read, before it had answered; what came "
                        "is not all");
}

#include "tls/tls_pump.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "tls/tls_link.h"
#include "util/clock.h"
#include "util/ip.h"
#include "util/mem.h"

#define EVENTS 128
#define TICK_MS 250
#define ACCEPTS 16       /* in one go; the other threads are there, too */
#define DRAIN_MS 30000   /* for a client that takes nothing any more */
#define END_MS 2000      /* for a client that does not close its side */
#define UNACKED_MS 25000 /* TCP gives up on unacknowledged bytes (RFC 5482), as it does for sockets without TLS */
#define NOT_SENT_BYTES 65536
#define ACCEPT_PAUSE_MS 100 /* when there are no descriptors left */

struct tls_pump {
    struct tls_parts *parts;
    struct tls_scratch scratch;
    int epoll, wake;
    pthread_t thread;
    bool started;
    _Atomic int64_t turned_ms;
    _Atomic int64_t until_ms; /* INT64_MAX: serves */
    int64_t now_ms;
    int64_t deaf_until_ms; /* the listeners are out of epoll; 0 they are not */
    int links;
    struct list stages[TLS_STAGES]; /* in the order of due_ms */
    struct list ready, greeting;    /* links that wait for a turn */
    struct list dead;               /* events of this round may still name them */
};

static const int STAGE_MS[TLS_STAGES] = { [TLS_SENT_AWAY] = END_MS, [TLS_DRAINING] = DRAIN_MS, [TLS_ENDING] = END_MS };

/* ---- links ---- */

static void enqueue(struct tls_pump *pump, struct tls_link *link)
{
    if (!list_linked(&link->queued))
        list_add_tail(link->stage == TLS_GREETING ? &pump->greeting : &pump->ready, &link->queued);
}

static void place(struct tls_pump *pump, struct tls_link *link)
{
    int ms = link->stage == TLS_GREETING ? pump->parts->settings.greeting_ms : STAGE_MS[link->stage];

    link->due_ms = pump->now_ms + ms;
    list_remove(&link->by_stage);
    list_add_tail(&pump->stages[link->stage], &link->by_stage);
}

static void leave_greeting(struct tls_pump *pump, const struct tls_link *link)
{
    char address[IP_SIZE];

    ip_text(&link->from.any, address);
    crowd_leave(pump->parts->crowd, address);
    atomic_fetch_sub(&pump->parts->greetings, 1);
}

/* It is freed when no event can name it any more. */
static void bury(struct tls_pump *pump, struct tls_link *link)
{
    if (!link->greeted)
        leave_greeting(pump, link);
    link->stage = TLS_STAGES;
    list_remove(&link->queued);
    list_remove(&link->by_stage);
    list_add_tail(&pump->dead, &link->by_stage);
    pump->links--;
    atomic_fetch_sub(&pump->parts->connections, 1);
}

static void free_dead(struct tls_pump *pump)
{
    while (!list_empty(&pump->dead)) {
        struct tls_link *link = list_entry(pump->dead.next, struct tls_link, by_stage);

        list_remove(&link->by_stage);
        tls_link_free(link);
    }
}

static bool watch(struct tls_pump *pump, int fd, struct tls_point *point)
{
    struct epoll_event event = { .events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data.ptr = point };

    return epoll_ctl(pump->epoll, EPOLL_CTL_ADD, fd, &event) == 0;
}

/* ---- handing over ---- */

static void hand(struct tls_pump *pump, tls_hand_over to, const struct tls_link *link, int fd)
{
    struct tls_parts *parts = pump->parts;
    socklen_t len = link->from.any.sa_family == AF_INET6 ? sizeof link->from.v6 : sizeof link->from.v4;

    pthread_mutex_lock(&parts->handing);
    if (parts->shut)
        close(fd);
    else
        to(parts->settings.ctx, link->listener, fd, &link->from.any, len);
    pthread_mutex_unlock(&parts->handing);
}

/* The reader spreads connections over its threads by descriptor, so it does not always get the same end. */
static bool open_pair(struct tls_pump *pump, struct tls_link *link)
{
    int pair[2], ours = (int)(atomic_load(&pump->parts->greeted) & 1);

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair) != 0)
        return false;
    tls_link_join(link, pair[ours], &pump->scratch); /* closes it with the link */
    if (!watch(pump, pair[ours], &link->plain)) {
        close(pair[!ours]);
        return false;
    }
    hand(pump, pump->parts->settings.on_connection, link, pair[!ours]);
    return true;
}

static bool greeted(struct tls_pump *pump, struct tls_link *link)
{
    leave_greeting(pump, link);
    link->greeted = true;
    atomic_fetch_add(&pump->parts->greeted, 1);
    if (!open_pair(pump, link))
        return false;
    place(pump, link);
    enqueue(pump, link);
    return true;
}

static void pass_on_http(struct tls_pump *pump, struct tls_link *link)
{
    int fd = link->wire.fd;

    atomic_fetch_add(&pump->parts->http, 1);
    epoll_ctl(pump->epoll, EPOLL_CTL_DEL, fd, NULL);
    link->wire.fd = -1;
    hand(pump, pump->parts->settings.on_http, link, fd);
}

/* ---- turns ---- */

static void turn(struct tls_pump *pump, struct tls_link *link)
{
    enum tls_stage before = link->stage;
    enum tls_turn result = tls_link_turn(link, pump->parts->context, &pump->scratch);

    switch (result) {
    case TLS_GREETED:
        if (!greeted(pump, link))
            bury(pump, link);
        return;
    case TLS_FAILED:
        atomic_fetch_add(&pump->parts->failed, 1);
        enqueue(pump, link);
        break;
    case TLS_HTTP:
        pass_on_http(pump, link);
        bury(pump, link);
        return;
    case TLS_OVER: bury(pump, link); return;
    case TLS_MORE: enqueue(pump, link); break;
    case TLS_WAITS: break;
    }
    if (link->stage != before || (link->stage == TLS_DRAINING && link->moved))
        place(pump, link);
}

static struct tls_link *next_of(struct list *queue)
{
    struct tls_link *link;

    if (list_empty(queue))
        return NULL;
    link = list_entry(queue->next, struct tls_link, queued);
    list_remove(&link->queued);
    return link;
}

/* Each that waits now has one turn; those that enqueue again have it in the next round. */
static void turn_ready(struct tls_pump *pump)
{
    struct list now;

    if (list_empty(&pump->ready))
        return;
    list_init(&now);
    while (!list_empty(&pump->ready)) {
        struct list *link = pump->ready.next;

        list_remove(link);
        list_add_tail(&now, link);
    }
    for (struct tls_link *link; (link = next_of(&now)) != NULL;)
        turn(pump, link);
}

static void turn_one_greeting(struct tls_pump *pump)
{
    struct tls_link *link = next_of(&pump->greeting);

    if (link)
        turn(pump, link);
}

/* ---- accepting ---- */

static void listen_for(struct tls_pump *pump, bool wanted)
{
    const struct tls_parts *parts = pump->parts;

    for (size_t i = 0; i < parts->settings.listener_count; i++) {
        /* a pointer that is no point: one of the listeners */
        struct epoll_event event = { .events = EPOLLIN | EPOLLEXCLUSIVE, .data.ptr = (void *)&parts->listeners[i] };

        epoll_ctl(pump->epoll, wanted ? EPOLL_CTL_ADD : EPOLL_CTL_DEL, parts->listeners[i], &event);
    }
    pump->deaf_until_ms = wanted ? 0 : pump->now_ms + ACCEPT_PAUSE_MS;
}

/* The oldest gives way. False: there is none. */
static bool gives_way(struct tls_pump *pump, enum tls_stage stage)
{
    struct list *oldest = &pump->stages[stage];

    if (list_empty(oldest))
        return false;
    bury(pump, list_entry(oldest->next, struct tls_link, by_stage));
    return true;
}

/* Counts one more handshake. At the limit of all, one of this thread gives way: first those that have failed, then the oldest, since
 * slow ones are older than honest ones. False: it has none. */
static bool take_place(struct tls_pump *pump)
{
    if (atomic_fetch_add(&pump->parts->greetings, 1) < pump->parts->settings.max_greetings ||
        gives_way(pump, TLS_SENT_AWAY))
        return true;
    if (gives_way(pump, TLS_GREETING)) {
        atomic_fetch_add(&pump->parts->late, 1);
        return true;
    }
    atomic_fetch_sub(&pump->parts->greetings, 1);
    return false;
}

static bool has_room(struct tls_pump *pump, const union tls_from *from, char address[IP_SIZE])
{
    ip_text(&from->any, address);
    return atomic_load(&pump->until_ms) == INT64_MAX &&
           atomic_load(&pump->parts->connections) < pump->parts->settings.max_connections &&
           crowd_has_room(pump->parts->crowd, address);
}

static void welcome(struct tls_pump *pump, int fd, size_t listener, const union tls_from *from)
{
    int one = 1, unacked_ms = UNACKED_MS, not_sent = NOT_SENT_BYTES;
    char address[IP_SIZE];
    struct tls_link *link;

    if (!has_room(pump, from, address) || !take_place(pump)) {
        close(fd);
        return;
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &unacked_ms, sizeof unacked_ms);
    setsockopt(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &not_sent, sizeof not_sent);
    link = tls_link_new(fd, listener, from);
    if (!watch(pump, fd, &link->wire)) {
        atomic_fetch_sub(&pump->parts->greetings, 1);
        tls_link_free(link);
        return;
    }
    crowd_enter(pump->parts->crowd, address);
    atomic_fetch_add(&pump->parts->connections, 1);
    pump->links++;
    place(pump, link);
}

static void accept_some(struct tls_pump *pump, size_t listener)
{
    for (int i = 0; i < ACCEPTS; i++) {
        union tls_from from = { 0 };
        socklen_t len = sizeof from;
        int fd = accept4(pump->parts->listeners[listener], &from.any, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);

        if (fd >= 0) {
            welcome(pump, fd, listener, &from);
        } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
            listen_for(pump, false);
            return;
        } else if (errno == EAGAIN) {
            return;
        }
    }
}

/* ---- the loop ---- */

static void sweep(struct tls_pump *pump)
{
    for (int stage = 0; stage < TLS_STAGES; stage++) {
        struct list *it, *tmp;

        if (stage == TLS_OPEN)
            continue;
        list_each(it, tmp, &pump->stages[stage])
        {
            struct tls_link *link = list_entry(it, struct tls_link, by_stage);

            if (pump->now_ms < link->due_ms)
                break;
            if (stage == TLS_GREETING)
                atomic_fetch_add(&pump->parts->late, 1);
            bury(pump, link);
        }
    }
    if (pump->deaf_until_ms && pump->now_ms >= pump->deaf_until_ms)
        listen_for(pump, true);
}

static bool is_listener(const struct tls_pump *pump, const void *pointer)
{
    const int *at = pointer;

    return at >= pump->parts->listeners && at < pump->parts->listeners + TLS_LISTENERS_MAX;
}

static void on_event(struct tls_pump *pump, const struct epoll_event *event)
{
    struct tls_point *point = event->data.ptr;
    uint64_t nothing;

    if (event->data.ptr == pump) {
        (void)!read(pump->wake, &nothing, sizeof nothing);
    } else if (is_listener(pump, event->data.ptr)) {
        accept_some(pump, (size_t)((const int *)event->data.ptr - pump->parts->listeners));
    } else if (point->link->stage != TLS_STAGES) {
        if (event->events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR))
            point->ended = true;
        if (event->events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR))
            point->readable = true;
        enqueue(pump, point->link);
    }
}

static bool has_work(const struct tls_pump *pump)
{
    return !list_empty(&pump->ready) || !list_empty(&pump->greeting);
}

/* Handshakes lead nowhere any more. Is there nothing left to wait for? */
static bool ends(struct tls_pump *pump, int64_t until_ms)
{
    struct list *greetings = &pump->stages[TLS_GREETING];

    while (!list_empty(greetings))
        bury(pump, list_entry(greetings->next, struct tls_link, by_stage));
    return pump->links == 0 || pump->now_ms >= until_ms;
}

static void *run(void *arg)
{
    struct tls_pump *pump = arg;
    struct epoll_event events[EVENTS];

    for (;;) {
        int64_t until_ms = atomic_load(&pump->until_ms);
        int count;

        pump->now_ms = clock_mono_ms();
        atomic_store(&pump->turned_ms, pump->now_ms);
        if (until_ms != INT64_MAX && ends(pump, until_ms))
            return NULL;
        count = epoll_wait(pump->epoll, events, EVENTS, has_work(pump) ? 0 : TICK_MS);
        pump->now_ms = clock_mono_ms();
        for (int i = 0; i < count; i++)
            on_event(pump, &events[i]);
        turn_ready(pump);
        turn_one_greeting(pump);
        sweep(pump);
        free_dead(pump);
    }
}

/* ---- life ---- */

static enum err_code open_loop(struct tls_pump *pump, struct err *e)
{
    struct epoll_event event = { .events = EPOLLIN, .data.ptr = pump };

    pump->epoll = epoll_create1(EPOLL_CLOEXEC);
    pump->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (pump->epoll < 0 || pump->wake < 0 || epoll_ctl(pump->epoll, EPOLL_CTL_ADD, pump->wake, &event) != 0 ||
        !tls_scratch_init(&pump->scratch))
        return err_set(e, ERR_IO, "tls_failed", "the system gives no descriptors or memory for TLS");
    listen_for(pump, true);
    pump->started = pthread_create(&pump->thread, NULL, run, pump) == 0;
    return pump->started ? ERR_OK : err_set(e, ERR_IO, "no_thread", "the system gives no more threads");
}

enum err_code tls_pump_start(struct tls_parts *parts, struct tls_pump **out, struct err *e)
{
    struct tls_pump *pump = mem_new(sizeof *pump);
    enum err_code rc;

    pump->parts = parts;
    pump->epoll = pump->wake = -1;
    atomic_store(&pump->until_ms, INT64_MAX);
    atomic_store(&pump->turned_ms, clock_mono_ms());
    for (int i = 0; i < TLS_STAGES; i++)
        list_init(&pump->stages[i]);
    list_init(&pump->ready);
    list_init(&pump->greeting);
    list_init(&pump->dead);
    rc = open_loop(pump, e);
    if (rc == ERR_OK)
        *out = pump;
    else
        tls_pump_free(pump);
    return rc;
}

void tls_pump_end_by(struct tls_pump *pump, int64_t until_ms)
{
    const uint64_t one = 1;

    if (!pump || pump->wake < 0)
        return;
    atomic_store(&pump->until_ms, until_ms);
    (void)!write(pump->wake, &one, sizeof one);
}

int64_t tls_pump_turned_ms(const struct tls_pump *pump)
{
    return atomic_load(&pump->turned_ms);
}

void tls_pump_free(struct tls_pump *pump)
{
    if (!pump)
        return;
    if (atomic_load(&pump->until_ms) == INT64_MAX)
        tls_pump_end_by(pump, 0);
    if (pump->started)
        pthread_join(pump->thread, NULL);
    for (int i = 0; i < TLS_STAGES; i++)
        while (!list_empty(&pump->stages[i]))
            bury(pump, list_entry(pump->stages[i].next, struct tls_link, by_stage));
    free_dead(pump);
    tls_scratch_clear(&pump->scratch);
    if (pump->epoll >= 0)
        close(pump->epoll);
    if (pump->wake >= 0)
        close(pump->wake);
    mem_free(pump);
}

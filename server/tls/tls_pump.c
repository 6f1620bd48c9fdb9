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

static const int STAGE_MS[TLS_STAGES] = { [TLS_DRAINING] = DRAIN_MS, [TLS_ENDING] = END_MS };

/* ---- links ---- */

static void enqueue(struct tls_pump *p, struct tls_link *l)
{
    if (!list_linked(&l->queued))
        list_add_tail(l->stage == TLS_GREETING ? &p->greeting : &p->ready, &l->queued);
}

static void place(struct tls_pump *p, struct tls_link *l)
{
    int ms = l->stage == TLS_GREETING ? p->parts->settings.greeting_ms : STAGE_MS[l->stage];

    l->due_ms = p->now_ms + ms;
    list_remove(&l->by_stage);
    list_add_tail(&p->stages[l->stage], &l->by_stage);
}

static void leave_greeting(struct tls_pump *p, const struct tls_link *l)
{
    char address[IP_SIZE];

    ip_text(&l->from.any, address);
    crowd_leave(p->parts->crowd, address);
    atomic_fetch_sub(&p->parts->greetings, 1);
}

/* It is freed when no event can name it any more. */
static void bury(struct tls_pump *p, struct tls_link *l)
{
    if (!l->greeted)
        leave_greeting(p, l);
    l->stage = TLS_STAGES;
    list_remove(&l->queued);
    list_remove(&l->by_stage);
    list_add_tail(&p->dead, &l->by_stage);
    p->links--;
    atomic_fetch_sub(&p->parts->connections, 1);
}

static void free_dead(struct tls_pump *p)
{
    while (!list_empty(&p->dead)) {
        struct tls_link *l = list_entry(p->dead.next, struct tls_link, by_stage);

        list_remove(&l->by_stage);
        tls_link_free(l);
    }
}

static bool watch(struct tls_pump *p, int fd, struct tls_point *point)
{
    struct epoll_event event = { .events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data.ptr = point };

    return epoll_ctl(p->epoll, EPOLL_CTL_ADD, fd, &event) == 0;
}

/* ---- handing over ---- */

static void hand(struct tls_pump *p, tls_hand_over to, const struct tls_link *l, int fd)
{
    struct tls_parts *parts = p->parts;
    socklen_t len = l->from.any.sa_family == AF_INET6 ? sizeof l->from.v6 : sizeof l->from.v4;

    pthread_mutex_lock(&parts->handing);
    if (parts->shut)
        close(fd);
    else
        to(parts->settings.ctx, l->listener, fd, &l->from.any, len);
    pthread_mutex_unlock(&parts->handing);
}

/* The reader spreads connections over its threads by descriptor, so it does not always get the same end. */
static bool open_pair(struct tls_pump *p, struct tls_link *l)
{
    int pair[2], ours = (int)(atomic_load(&p->parts->greeted) & 1);

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair) != 0)
        return false;
    tls_link_join(l, pair[ours], &p->scratch); /* closes it with the link */
    if (!watch(p, pair[ours], &l->plain)) {
        close(pair[!ours]);
        return false;
    }
    hand(p, p->parts->settings.on_connection, l, pair[!ours]);
    return true;
}

static bool greeted(struct tls_pump *p, struct tls_link *l)
{
    leave_greeting(p, l);
    l->greeted = true;
    atomic_fetch_add(&p->parts->greeted, 1);
    if (!open_pair(p, l))
        return false;
    place(p, l);
    enqueue(p, l);
    return true;
}

static void pass_on_http(struct tls_pump *p, struct tls_link *l)
{
    int fd = l->wire.fd;

    atomic_fetch_add(&p->parts->http, 1);
    epoll_ctl(p->epoll, EPOLL_CTL_DEL, fd, NULL);
    l->wire.fd = -1;
    hand(p, p->parts->settings.on_http, l, fd);
}

/* ---- turns ---- */

static void turn(struct tls_pump *p, struct tls_link *l)
{
    enum tls_stage before = l->stage;
    enum tls_turn result = tls_link_turn(l, p->parts->context, &p->scratch);

    switch (result) {
    case TLS_GREETED:
        if (!greeted(p, l))
            bury(p, l);
        return;
    case TLS_FAILED:
        atomic_fetch_add(&p->parts->failed, 1);
        enqueue(p, l);
        break;
    case TLS_HTTP:
        pass_on_http(p, l);
        bury(p, l);
        return;
    case TLS_OVER: bury(p, l); return;
    case TLS_MORE: enqueue(p, l); break;
    case TLS_WAITS: break;
    }
    if (l->stage != before || (l->stage == TLS_DRAINING && l->moved))
        place(p, l);
}

static struct tls_link *next_of(struct list *queue)
{
    struct tls_link *l;

    if (list_empty(queue))
        return NULL;
    l = list_entry(queue->next, struct tls_link, queued);
    list_remove(&l->queued);
    return l;
}

/* Each that waits now has one turn; those that enqueue again have it in the next round. */
static void turn_ready(struct tls_pump *p)
{
    struct list now;

    if (list_empty(&p->ready))
        return;
    list_init(&now);
    while (!list_empty(&p->ready)) {
        struct list *link = p->ready.next;

        list_remove(link);
        list_add_tail(&now, link);
    }
    for (struct tls_link *l; (l = next_of(&now)) != NULL;)
        turn(p, l);
}

static void turn_one_greeting(struct tls_pump *p)
{
    struct tls_link *l = next_of(&p->greeting);

    if (l)
        turn(p, l);
}

/* ---- accepting ---- */

static void listen_for(struct tls_pump *p, bool wanted)
{
    const struct tls_parts *parts = p->parts;

    for (size_t i = 0; i < parts->settings.listener_count; i++) {
        /* a pointer that is no point: one of the listeners */
        struct epoll_event event = { .events = EPOLLIN | EPOLLEXCLUSIVE, .data.ptr = (void *)&parts->listeners[i] };

        epoll_ctl(p->epoll, wanted ? EPOLL_CTL_ADD : EPOLL_CTL_DEL, parts->listeners[i], &event);
    }
    p->deaf_until_ms = wanted ? 0 : p->now_ms + ACCEPT_PAUSE_MS;
}

/* Counts one more handshake. At the limit of all, the oldest of this thread gives way: slow ones are older than honest ones. False: it
 * has none. */
static bool take_place(struct tls_pump *p)
{
    struct list *oldest = &p->stages[TLS_GREETING];

    if (atomic_fetch_add(&p->parts->greetings, 1) < p->parts->settings.max_greetings)
        return true;
    if (list_empty(oldest)) {
        atomic_fetch_sub(&p->parts->greetings, 1);
        return false;
    }
    atomic_fetch_add(&p->parts->late, 1);
    bury(p, list_entry(oldest->next, struct tls_link, by_stage));
    return true;
}

static bool has_room(struct tls_pump *p, const union tls_from *from, char address[IP_SIZE])
{
    ip_text(&from->any, address);
    return atomic_load(&p->until_ms) == INT64_MAX &&
           atomic_load(&p->parts->connections) < p->parts->settings.max_connections &&
           crowd_has_room(p->parts->crowd, address);
}

static void welcome(struct tls_pump *p, int fd, size_t listener, const union tls_from *from)
{
    int one = 1, unacked_ms = UNACKED_MS, not_sent = NOT_SENT_BYTES;
    char address[IP_SIZE];
    struct tls_link *l;

    if (!has_room(p, from, address) || !take_place(p)) {
        close(fd);
        return;
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &unacked_ms, sizeof unacked_ms);
    setsockopt(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &not_sent, sizeof not_sent);
    l = tls_link_new(fd, listener, from);
    if (!watch(p, fd, &l->wire)) {
        atomic_fetch_sub(&p->parts->greetings, 1);
        tls_link_free(l);
        return;
    }
    crowd_enter(p->parts->crowd, address);
    atomic_fetch_add(&p->parts->connections, 1);
    p->links++;
    place(p, l);
}

static void accept_some(struct tls_pump *p, size_t listener)
{
    for (int i = 0; i < ACCEPTS; i++) {
        union tls_from from = { 0 };
        socklen_t len = sizeof from;
        int fd = accept4(p->parts->listeners[listener], &from.any, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);

        if (fd >= 0) {
            welcome(p, fd, listener, &from);
        } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
            listen_for(p, false);
            return;
        } else if (errno == EAGAIN) {
            return;
        }
    }
}

/* ---- the loop ---- */

static void sweep(struct tls_pump *p)
{
    for (int stage = 0; stage < TLS_STAGES; stage++) {
        struct list *it, *tmp;

        if (stage == TLS_OPEN)
            continue;
        list_each(it, tmp, &p->stages[stage])
        {
            struct tls_link *l = list_entry(it, struct tls_link, by_stage);

            if (p->now_ms < l->due_ms)
                break;
            if (stage == TLS_GREETING)
                atomic_fetch_add(&p->parts->late, 1);
            bury(p, l);
        }
    }
    if (p->deaf_until_ms && p->now_ms >= p->deaf_until_ms)
        listen_for(p, true);
}

static bool is_listener(const struct tls_pump *p, const void *pointer)
{
    const int *at = pointer;

    return at >= p->parts->listeners && at < p->parts->listeners + TLS_LISTENERS_MAX;
}

static void on_event(struct tls_pump *p, const struct epoll_event *event)
{
    struct tls_point *point = event->data.ptr;
    uint64_t nothing;

    if (event->data.ptr == p) {
        (void)!read(p->wake, &nothing, sizeof nothing);
    } else if (is_listener(p, event->data.ptr)) {
        accept_some(p, (size_t)((const int *)event->data.ptr - p->parts->listeners));
    } else if (point->link->stage != TLS_STAGES) {
        if (event->events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR))
            point->ended = true;
        if (event->events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR))
            point->readable = true;
        enqueue(p, point->link);
    }
}

static bool has_work(const struct tls_pump *p)
{
    return !list_empty(&p->ready) || !list_empty(&p->greeting);
}

/* Handshakes lead nowhere any more. Is there nothing left to wait for? */
static bool ends(struct tls_pump *p, int64_t until_ms)
{
    struct list *greetings = &p->stages[TLS_GREETING];

    while (!list_empty(greetings))
        bury(p, list_entry(greetings->next, struct tls_link, by_stage));
    return p->links == 0 || p->now_ms >= until_ms;
}

static void *run(void *arg)
{
    struct tls_pump *p = arg;
    struct epoll_event events[EVENTS];

    for (;;) {
        int64_t until_ms = atomic_load(&p->until_ms);
        int count;

        p->now_ms = clock_mono_ms();
        atomic_store(&p->turned_ms, p->now_ms);
        if (until_ms != INT64_MAX && ends(p, until_ms))
            return NULL;
        count = epoll_wait(p->epoll, events, EVENTS, has_work(p) ? 0 : TICK_MS);
        p->now_ms = clock_mono_ms();
        for (int i = 0; i < count; i++)
            on_event(p, &events[i]);
        turn_ready(p);
        turn_one_greeting(p);
        sweep(p);
        free_dead(p);
    }
}

/* ---- life ---- */

static enum err_code open_loop(struct tls_pump *p, struct err *e)
{
    struct epoll_event event = { .events = EPOLLIN, .data.ptr = p };

    p->epoll = epoll_create1(EPOLL_CLOEXEC);
    p->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (p->epoll < 0 || p->wake < 0 || epoll_ctl(p->epoll, EPOLL_CTL_ADD, p->wake, &event) != 0 ||
        !tls_scratch_init(&p->scratch))
        return err_set(e, ERR_IO, "tls_failed", "the system gives no descriptors or memory for TLS");
    listen_for(p, true);
    p->started = pthread_create(&p->thread, NULL, run, p) == 0;
    return p->started ? ERR_OK : err_set(e, ERR_IO, "no_thread", "the system gives no more threads");
}

enum err_code tls_pump_start(struct tls_parts *parts, struct tls_pump **out, struct err *e)
{
    struct tls_pump *p = mem_new(sizeof *p);
    enum err_code rc;

    p->parts = parts;
    p->epoll = p->wake = -1;
    atomic_store(&p->until_ms, INT64_MAX);
    atomic_store(&p->turned_ms, clock_mono_ms());
    for (int i = 0; i < TLS_STAGES; i++)
        list_init(&p->stages[i]);
    list_init(&p->ready);
    list_init(&p->greeting);
    list_init(&p->dead);
    rc = open_loop(p, e);
    if (rc == ERR_OK)
        *out = p;
    else
        tls_pump_free(p);
    return rc;
}

void tls_pump_end_by(struct tls_pump *p, int64_t until_ms)
{
    const uint64_t one = 1;

    if (!p || p->wake < 0)
        return;
    atomic_store(&p->until_ms, until_ms);
    (void)!write(p->wake, &one, sizeof one);
}

int64_t tls_pump_turned_ms(const struct tls_pump *p)
{
    return atomic_load(&p->turned_ms);
}

void tls_pump_free(struct tls_pump *p)
{
    if (!p)
        return;
    if (atomic_load(&p->until_ms) == INT64_MAX)
        tls_pump_end_by(p, 0);
    if (p->started)
        pthread_join(p->thread, NULL);
    for (int i = 0; i < TLS_STAGES; i++)
        while (!list_empty(&p->stages[i]))
            bury(p, list_entry(p->stages[i].next, struct tls_link, by_stage));
    free_dead(p);
    tls_scratch_clear(&p->scratch);
    if (p->epoll >= 0)
        close(p->epoll);
    if (p->wake >= 0)
        close(p->wake);
    mem_free(p);
}

/* http_link.h - one connection, and the one request that it can have at a time: its steps, deadlines and answers. Its events are
 * in http_begin.h and http_events.h. Inside http/ only. On the thread of the connection's daemon, except in STEP_WORK. */
#ifndef HTTP_HTTP_LINK_H
#define HTTP_HTTP_LINK_H

#include <microhttpd.h>
#include <stdatomic.h>

#include "http/http_deadline.h"
#include "http/http_gate.h"
#include "http/http_intake.h"
#include "http/http_neighbour.h"
#include "http/http_settings.h"
#include "http/http_worker.h"
#include "util/crowd.h"

#define LISTENERS_MAX 16
/* Up to this multiple of the limit, a body is read to its end before it is refused: a proxy that is still sending may miss the answer
 * and report us to its client as broken (502). */
#define SWALLOW_BODIES 4
#define SHORT_TARGET 128 /* longer ones are kept on the heap */

/* One listener with its libmicrohttpd daemon. */
struct door {
    struct http_server *server;
    struct http_gate gate;
    struct MHD_Daemon *daemon;
    int port;
    int listener; /* of a door whose connections are taken; -1: libmicrohttpd accepts, and owns it */
};

/* The server of http_server.h, as this folder sees it. */
struct http_server {
    struct http_settings settings; /* texts are borrowed and outlive the server */
    struct http_core core;
    struct http_files *files;
    struct http_deadlines *deadlines;
    struct crowd *crowd;
    struct http_neighbours *neighbours;
    struct http_workers *workers;
    struct door doors[LISTENERS_MAX];
    size_t door_count;
    struct http_redirect redirect;
    struct door *redirects; /* the door that uses it, or NULL */
    atomic_bool started;    /* http_start() has told its caller the address; pages may use it */
    atomic_bool ready;
    atomic_bool stopping; /* no new connections */
    atomic_int running;   /* requests whose head has come and which have not ended */
    _Atomic int64_t connections, requests, status[6], refused_framing, upgrades;
};

enum step {
    STEP_HEAD,   /* the head is on its way */
    STEP_BODY,   /* a route's body is on its way */
    STEP_WORK,   /* with a worker; afterwards the answer is in its response */
    STEP_ANSWER, /* `answer` goes out once the body, if any, has been discarded */
    STEP_HANDED, /* the connection belongs to signaling now */
};

/* One connection, and the one request that it can have at a time. On the thread of its daemon, except in STEP_WORK. */
struct link {
    struct door *door;
    struct MHD_Connection *connection;
    int fd;
    struct http_intake *intake; /* through which its bytes come */
    bool lingers;               /* refused while the other side may still send: closed so that the answer can be read */
    enum step step;
    int64_t body_since_ms;
    size_t body_bytes;              /* received */
    struct http_exchange *exchange; /* of a route, otherwise NULL */
    struct MHD_Response *answer;    /* waits to be queued */
    bool answer_is_ours;            /* freed when it is queued */
    bool counted;                   /* counted in server.running */
    bool again;                     /* not the first request here */
    int status;
    size_t answer_bytes; /* of the body, about */
    char *target;        /* as sent; in `space` when short */
    size_t target_len;
    char space[SHORT_TARGET];
    char peer[HTTP_ADDRESS_SIZE]; /* the other end's address */
};

void http_link_count_status(struct http_server *server, int status);
void http_link_due_in(const struct link *l, int64_t ms);
void http_link_due_never(const struct link *l);
void http_link_due_for_body(const struct link *l); /* by body_since_ms and body_bytes */
/* Keeps the answer for queueing; `is_ours`: the connection frees it then. */
void http_link_answer(struct link *l, int status, struct MHD_Response *answer, bool is_ours);
/* Keeps an answer that says what went wrong; `allow` lists methods, for 405. */
void http_link_answer_problem(struct link *l, const struct err *e, bool html, const char *allow);
/* Gives the kept answer to libmicrohttpd; in a request's first call this closes the connection. */
enum MHD_Result http_link_queue(struct link *l);

#endif

/* http_link.h - one connection, and the one request that it can have at a time: its steps, deadlines and answers. What happens to it
 * is in http_begin.h and http_events.h. Inside http/ only. On the thread of the connection's daemon, but for STEP_WORK. */
#ifndef HTTP_HTTP_LINK_H
#define HTTP_HTTP_LINK_H

#include <microhttpd.h>
#include <stdatomic.h>

#include "http/http_crowd.h"
#include "http/http_deadline.h"
#include "http/http_gate.h"
#include "http/http_intake.h"
#include "http/http_neighbour.h"
#include "http/http_settings.h"
#include "http/http_worker.h"

#define LISTENERS_MAX 16
#define SWALLOW_BODIES                                                                                                 \
    4 /* that many times the largest body is read to its end before it is refused: while a proxy still sends,
                            it may miss the answer and tell its client that we are broken (502) */
#define SHORT_TARGET 128 /* longer ones are kept on the heap */

/* One listener with its libmicrohttpd daemon. */
struct door {
    struct http_server *server;
    struct http_gate gate;
    struct MHD_Daemon *daemon;
    int port;
};

/* What http_server.h promises, as its own folder sees it. */
struct http_server {
    struct http_settings settings; /* texts borrowed: they outlive the server */
    struct http_core core;
    struct http_files *files;
    struct http_deadlines *deadlines;
    struct http_crowd *crowd;
    struct http_neighbours *neighbours;
    struct http_workers *workers;
    struct door doors[LISTENERS_MAX];
    size_t door_count;
    atomic_bool started; /* http_start() has told its caller where we are; pages may ask for it */
    atomic_bool ready;
    atomic_bool stopping; /* nobody new is taken */
    atomic_int running;   /* requests between their head and their end */
    _Atomic int64_t connections, requests, status[6], refused_framing, upgrades;
};

enum step {
    STEP_HEAD,   /* the head is on its way */
    STEP_BODY,   /* a route's body is on its way */
    STEP_WORK,   /* a worker has it; afterwards the answer is in x->response */
    STEP_ANSWER, /* `answer` goes out once whatever body there is has been swallowed */
    STEP_HANDED, /* the connection is signaling's now */
};

/* One connection, and the one request that it can have at a time. On the thread of its daemon, but for STEP_WORK. */
struct link {
    struct door *door;
    struct MHD_Connection *connection;
    int fd;
    struct http_intake *intake; /* through which its bytes come */
    bool lingers; /* it is refused while the other side may still send: closed so that the answer is read */
    enum step step;
    int64_t body_since_ms;
    size_t body_bytes;           /* that came */
    struct http_exchange *x;     /* of a route, else NULL */
    struct MHD_Response *answer; /* to be queued */
    bool answer_is_ours;         /* to be freed when it is queued */
    bool counted;                /* in server.running */
    bool again;                  /* not the first request here */
    int status;
    size_t answer_bytes; /* of the body, about */
    char *target;        /* as sent; in `space` when it is short */
    size_t target_len;
    char space[SHORT_TARGET];
    char peer[HTTP_ADDRESS_SIZE]; /* the other end's address */
};

void http_link_count_status(struct http_server *h, int status);
void http_link_due_in(const struct link *l, int64_t ms);
void http_link_due_never(const struct link *l);
void http_link_due_for_body(const struct link *l); /* by body_since_ms and body_bytes */
/* Keeps the answer for queueing; `is_ours`: the connection frees it then. */
void http_link_answer(struct link *l, int status, struct MHD_Response *answer, bool is_ours);
/* Keeps an answer that says what went wrong; `allow` lists methods, for 405. */
void http_link_answer_problem(struct link *l, const struct err *e, bool html, const char *allow);
/* Gives the kept answer to libmicrohttpd; in the first call of a request that closes the connection. */
enum MHD_Result http_link_queue(struct link *l);

#endif

#include "signaling/ws.h"

#include <libwebsockets.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "signaling/dispatch.h"
#include "signaling/envelope.h"
#include "signaling/peer.h"
#include "util/mem.h"
#include "util/str.h"

#define PING_S 20        /* an idle connection is asked for a sign of life after this */
#define HANGUP_S 30      /* and cut when none came */
#define UNACKED_MS 25000 /* TCP gives up on bytes that nobody acknowledges (RFC 5482) */
#define RX_BYTES 2048    /* per connection, so small; most offers and candidates still come with one recv() */
#define TX_BYTES 65536   /* written in one go */
#define SCRATCH_BYTES (TX_BYTES + 4096)

struct ws {
    struct lws_context *context;
    struct lws_vhost *vhost;
    struct floor *floor;
    struct peer *adopting;  /* the peer whose handshake runs: adopting calls back before it returns */
    unsigned char *scratch; /* LWS_PRE + SCRATCH_BYTES: every frame is put together here */
};
/* What libwebsockets keeps per connection for us. */
struct session {
    struct peer *peer;
};

/* ---- out ---- */

/* Frames are made only when the socket takes them, so nothing waits in a buffer but its references. */
static bool write_frame(struct ws *w, struct lws *wsi, struct peer *p, size_t room)
{
    unsigned char *large = room > SCRATCH_BYTES ? mem_new(LWS_PRE + room) : NULL;
    unsigned char *at = (large ? large : w->scratch) + LWS_PRE;
    size_t len = peer_frame(p, (char *)at);
    bool ok = lws_write(wsi, at, len, LWS_WRITE_TEXT) >= (int)len;

    mem_free(large);
    return ok;
}

/* Begins the closing handshake. Not by returning -1: Debian's libwebsockets then closes twice in a row, as a test of its
 * own, and the second time ends the connection before the close frame has left. */
static int close_with(struct lws *wsi, struct peer *p, int code)
{
    if (lws_send_pipe_choked(wsi)) {
        lws_callback_on_writable(wsi);
        return 0;
    }
    lws_close_reason(wsi, (enum lws_close_status)code, NULL, 0);
    p->socket = NULL;
    lws_set_timeout(wsi, PENDING_TIMEOUT_CLOSE_SEND, LWS_TO_KILL_SYNC);
    return 0;
}

/* Writes until the socket takes no more: the library then keeps the rest of the last frame and says when it is gone. */
static bool write_frames(struct ws *w, struct lws *wsi, struct peer *p)
{
    size_t room;

    while (!p->drop && (room = peer_frame_room(p)) > 0) {
        if (lws_partial_buffered(wsi)) {
            lws_callback_on_writable(wsi);
            return true;
        }
        if (!write_frame(w, wsi, p, room))
            return false;
    }
    return true;
}

static int on_writable(struct ws *w, struct lws *wsi, struct peer *p)
{
    int code;

    if (!p->socket)
        return 0; /* the close frame is out: closing again would cut the connection before it is read */
    if (!write_frames(w, wsi, p))
        return -1;
    code = peer_close_due(p);
    return code ? close_with(wsi, p, code) : 0;
}

/* Who sits is written to at once: asking for "writable" costs four epoll_ctl() with libuv, more than all else of a relayed
 * message. It is the same thread, and write_frames() never adds to a frame that is on its way. */
void ws_wake(struct peer *p)
{
    struct lws *wsi = p->socket;

    if (!wsi)
        return;
    if (p->phase != PEER_SEATED && !p->overdue)
        lws_callback_on_writable(wsi);
    else if (p->overdue || !write_frames(lws_context_user(lws_get_context(wsi)), wsi, p))
        lws_set_timeout(wsi, PENDING_TIMEOUT_CLOSE_SEND, LWS_TO_KILL_ASYNC);
}

/* ---- in ---- */

/* A message may come in pieces; only one that does is copied. */
static int on_receive(struct lws *wsi, struct peer *p, const char *bytes, size_t len)
{
    size_t rest = lws_remaining_packet_payload(wsi);
    bool whole = rest == 0 && lws_is_final_fragment(wsi);

    if (p->phase == PEER_CLOSING || !p->socket)
        return 0;
    if (lws_frame_is_binary(wsi)) {
        peer_close(p, CLOSE_BINARY, NULL);
    } else if (p->in.len + len + rest > ENVELOPE_MAX) {
        peer_close(p, CLOSE_TOO_BIG, NULL);
    } else if (whole && p->in.len == 0) {
        dispatch_message(p, bytes, len);
    } else {
        buf_add(&p->in, bytes, len);
        if (whole) {
            struct buf message = p->in;

            p->in = (struct buf){ .max = ENVELOPE_MAX };
            dispatch_message(p, buf_text(&message), message.len);
            buf_clear(&message);
        }
    }
    return 0;
}

/* The other side says goodbye. RFC 6455 §5.5.1, §7.4: a code that may stand in a close frame, the reason in UTF-8; the
 * library only looks at what is below 1000. What comes after it is not read any more (§5.5.1). */
static int on_goodbye(struct peer *p, const unsigned char *bytes, size_t len)
{
    int code = len >= 2 ? bytes[0] << 8 | bytes[1] : 1000;
    bool known = (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);

    p->socket = NULL;
    return len != 1 && known && (len <= 2 || str_is_utf8((const char *)bytes + 2, len - 2)) ? 0 : -1;
}

static int on_event(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
    struct ws *w = lws_context_user(lws_get_context(wsi));
    struct session *s = user;

    switch ((int)reason) {
    case LWS_CALLBACK_HTTP: /* only upgrades are ever handed over */
    case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE:
        return reason == LWS_CALLBACK_HTTP || !in || strcmp(in, "websocket") != 0 ? -1 : 0;
    case LWS_CALLBACK_ESTABLISHED:
        s->peer = w->adopting;
        if (!s->peer)
            return -1;
        w->adopting = NULL;
        s->peer->socket = wsi;
        return 0;
    case LWS_CALLBACK_RECEIVE: return s->peer ? on_receive(wsi, s->peer, in, len) : -1;
    case LWS_CALLBACK_SERVER_WRITEABLE: return s->peer ? on_writable(w, wsi, s->peer) : -1;
    case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE: return s->peer ? on_goodbye(s->peer, in, len) : -1;
    case LWS_CALLBACK_CLOSED:
        if (s->peer)
            s->peer->socket = NULL;
        peer_free(s->peer);
        s->peer = NULL;
        return 0;
    default: return 0;
    }
}

/* ---- life ---- */

enum err_code ws_open(void *loop, struct floor *floor, struct ws **out, struct err *e)
{
    static const struct lws_protocols PROTOCOLS[] = {
        { "parlour.v1", on_event, sizeof(struct session), RX_BYTES, 0, NULL, TX_BYTES },
        { NULL, NULL, 0, 0, 0, NULL, 0 },
    };
    static const lws_retry_bo_t ALIVE = { .secs_since_valid_ping = PING_S, .secs_since_valid_hangup = HANGUP_S };
    struct ws *w = mem_new(sizeof *w);
    void *loops[] = { loop };
    struct lws_context_creation_info info = {
        .port = CONTEXT_PORT_NO_LISTEN_SERVER,
        .protocols = PROTOCOLS,
        .options = LWS_SERVER_OPTION_LIBUV | LWS_SERVER_OPTION_EXPLICIT_VHOSTS,
        .foreign_loops = loops,
        .retry_and_idle_policy = &ALIVE,
        .user = w,
        .timeout_secs = 5,
        .vhost_name = "parlour",
        .server_string = "",
    };

    lws_set_log_level(0,
                      NULL); /* its log shares one buffer between threads, and says a line of error at every adoption */
    w->floor = floor;
    w->scratch = mem_new(LWS_PRE + SCRATCH_BYTES);
    w->context = lws_create_context(&info);
    if (w->context)
        w->vhost = lws_create_vhost(w->context, &info);
    if (!w->vhost) {
        ws_free(w);
        return err_set(e, ERR_INTERNAL, "internal",
                       "libwebsockets does not start; is libwebsockets-evlib-uv installed?");
    }
    *out = w;
    return ERR_OK;
}

void ws_close(struct ws *w)
{
    lws_context_destroy(w->context);
}

void ws_free(struct ws *w)
{
    if (w->context)
        lws_context_destroy(w->context); /* the second call frees what the first could not while the loop still ran */
    mem_free(w->scratch);
    mem_free(w);
}

bool ws_adopt(struct ws *w, int fd, const char *room, const char *key, const char *address)
{
    char head[256];
    unsigned unacked_ms = UNACKED_MS;
    int len =
        snprintf(head, sizeof head,
                 "GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                 "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: parlour.v1\r\nSec-WebSocket-Key: %.24s\r\n\r\n",
                 key);

    /* fails for the socket pair under built-in TLS, where the far end watches over TCP */
    (void)setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &unacked_ms, sizeof unacked_ms);
    w->adopting = peer_new(w->floor, room, address, w->floor->env.mono_ms(w->floor->env.ctx));
    if (lws_adopt_socket_vhost_readbuf(w->vhost, fd, head, (size_t)len) && !w->adopting)
        return true;
    peer_free(w->adopting); /* no handshake: libwebsockets has closed the descriptor */
    w->adopting = NULL;
    return false;
}

/* frame.h - WebSocket frames (RFC 6455 §5) as a server reads and writes them: bytes in, whole messages and control frames out.
 * No socket and no client: tests and the fuzzer feed it by hand. One thread at a time. */
#ifndef WS_FRAME_H
#define WS_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include "util/buf.h"

enum frame_kind { /* opcodes, §5.2 */
                  FRAME_CONTINUATION = 0,
                  FRAME_TEXT = 1,
                  FRAME_BINARY = 2,
                  FRAME_CLOSE = 8,
                  FRAME_PING = 9,
                  FRAME_PONG = 10,
};

#define WS_KEY_LEN 24         /* characters of a Sec-WebSocket-Key, §4.1 */
#define FRAME_CHUNK_MAX 65536 /* bytes given to frame_read() at once */
#define FRAME_CONTROL_MAX 125 /* payload of a control frame, §5.5 */
#define FRAME_HEAD_MAX 10     /* bytes before the payload of a frame that we write */
#define FRAME_NO_CODE 1005    /* stands for a close frame that has none, §7.4.1 */
#define FRAME_NOT_UTF8 1007   /* its reason or payload is not text, §8.1 */

/* How far one connection has been read. Holds memory only while a frame or a message has come in part. */
struct frame_reader {
    struct buf raw;     /* a frame whose end has not come */
    struct buf message; /* the fragments so far */
    int fragments;      /* of that message; 0: none is open */
    enum frame_kind kind;
};

/* `message_max`: a longer message is refused when its length is told, before its bytes are kept. */
void frame_reader_init(struct frame_reader *reader, size_t message_max);
void frame_reader_clear(struct frame_reader *reader);

/* Gets a whole message (TEXT or BINARY) or a control frame; the bytes are lent for the call. False: read no further. */
typedef bool (*frame_taker)(void *ctx, enum frame_kind kind, const char *bytes, size_t len);

/* Reads what came, at most FRAME_CHUNK_MAX bytes, which are unmasked in place. Returns 0, or the code with which the connection
 * must be failed (§7.1.7): 1002 no frame of a client, 1008 a message in too many pieces, 1009 too long. After that, or after
 * the taker said no, the stream cannot be read any more. */
int frame_read(struct frame_reader *reader, char *bytes, size_t len, frame_taker take, void *ctx);

/* The head of a whole, unmasked frame; returns its length, at most FRAME_HEAD_MAX. */
size_t frame_head(char *to, enum frame_kind kind, size_t len);

/* The code of a close frame, §7.4: FRAME_NO_CODE when it has none, FRAME_NOT_UTF8 when its reason is not text (§5.5.1, §8.1), 0 when
 * no client may send this close. */
int frame_close_code(const char *bytes, size_t len);

#endif

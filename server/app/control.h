/* control.h - the entrance for commands to a running server: `<data>/control.sock`, mode 0600, only for the same user or root
 * (SO_PEERCRED). The request is one line of JSON, the answer several: {"out":text}, {"err":text}, {"file":true} (a descriptor comes
 * with it, SCM_RIGHTS), …, and last {"status":N}.
 * It knows nothing about commands; its starter passes the function that runs them. Not reachable from the network. */
#ifndef APP_CONTROL_H
#define APP_CONTROL_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include "util/err.h"

#define CONTROL_REQUEST_MAX_BYTES (64 * 1024)

/* Receives a command's output, here or at the other end of the socket. */
enum control_stream { CONTROL_OUT /* results */, CONTROL_ERR /* words for people */ };
struct control_output {
    void (*write)(void *arg, enum control_stream stream, const char *bytes, size_t len);
    void (*give)(void *arg, int fd); /* a file as the result, open for reading; the receiver closes it */
    void *arg;
    bool *unheard; /* set by `write` once the reader has gone: a long answer ends there, with status 1 */
};

/* Runs one request on a thread of the control socket and returns its exit status. Several at once. */
typedef int (*control_run)(void *arg, const json_t *request, const struct control_output *output);

struct control;

/* Listens and starts the threads; replaces a socket left by a process that was killed (the caller holds the data lock).
 * ERR_IO. */
MUST_CHECK enum err_code control_start(const char *data_folder, control_run run, void *arg, struct control **out,
                                       struct err *e);
/* From now on it does not wait for peers that send or read nothing. The stop follows. */
void control_begin_stop(struct control *control);
/* Waits for running commands (an answer to a slow reader ends a second after the stop begins), removes the socket. */
void control_stop(struct control *control);

/* The other side: asks the running server. ERR_NOT_FOUND: there is none. ERR_FORBIDDEN: it belongs to another user.
 * ERR_IO: the connection ended early, the result is unknown. */
MUST_CHECK enum err_code control_call(const char *data_folder, const json_t *request,
                                      const struct control_output *output, int *status, struct err *e);

#endif

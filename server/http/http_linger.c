#include "http/http_linger.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <unistd.h>

#define READS_MAX 64 /* in one sweep: a faster sender does not get more */

void http_linger_add(struct http_lingers *l, int fd, int64_t now_ms)
{
    int copy = l->count < LINGER_MAX ? fcntl(fd, F_DUPFD_CLOEXEC, 3) : -1;

    if (copy < 0)
        return;
    shutdown(copy, SHUT_WR);
    l->fd[l->count] = copy;
    l->until_ms[l->count++] = now_ms + LINGER_MS;
}

/* False once the other side has closed. */
static bool still_sends(int fd)
{
    char nothing[4096];

    for (int i = 0; i < READS_MAX; i++) {
        ssize_t n = recv(fd, nothing, sizeof nothing, MSG_DONTWAIT);

        if (n == 0)
            return false;
        if (n < 0)
            return errno == EAGAIN || errno == EINTR;
    }
    return true;
}

void http_linger_sweep(struct http_lingers *l, int64_t now_ms)
{
    for (int i = 0; i < l->count;) {
        if (still_sends(l->fd[i]) && now_ms < l->until_ms[i]) {
            i++;
            continue;
        }
        close(l->fd[i]);
        l->fd[i] = l->fd[--l->count];
        l->until_ms[i] = l->until_ms[l->count];
    }
}

void http_linger_clear(struct http_lingers *l)
{
    while (l->count > 0)
        close(l->fd[--l->count]);
}

#include "http/http_listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "util/str.h"

#define BACKLOG 1024

union address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

/* "ADDR:PORT" with a numeric address; IPv6 in brackets. */
static bool parse(const char *text, union address *to, socklen_t *len)
{
    const char *colon = strrchr(text, ':');
    char host[64];
    int64_t port;

    memset(to, 0, sizeof *to);
    if (!colon || !str_to_i64(colon + 1, 0, 65535, &port))
        return false;
    if (text[0] == '[' && colon > text + 1 && colon[-1] == ']') {
        *len = sizeof to->v6;
        to->v6.sin6_family = AF_INET6;
        to->v6.sin6_port = htons((uint16_t)port);
        return str_copy_n(host, sizeof host, text + 1, (size_t)(colon - text) - 2) &&
               inet_pton(AF_INET6, host, &to->v6.sin6_addr) == 1;
    }
    *len = sizeof to->v4;
    to->v4.sin_family = AF_INET;
    to->v4.sin_port = htons((uint16_t)port);
    return str_copy_n(host, sizeof host, text, (size_t)(colon - text)) &&
           inet_pton(AF_INET, host, &to->v4.sin_addr) == 1;
}

static enum err_code explain(const char *address, int error, struct err *e)
{
    if (error == EADDRINUSE)
        return err_set(e, ERR_CONFLICT, "address_in_use",
                       "another program listens on %s already: stop it, or choose another port", address);
    if (error == EACCES)
        return err_set(e, ERR_FORBIDDEN, "no_permission",
                       "%s was refused: ports below 1024 are for root (CAP_NET_BIND_SERVICE). Choose a higher one and "
                       "put a proxy in front",
                       address);
    if (error == EADDRNOTAVAIL)
        return err_set(e, ERR_IO, "no_such_address",
                       "cannot listen on %s: this machine does not have that address. `ip address` shows those it has",
                       address);
    return err_set(e, ERR_IO, "listen_failed", "cannot listen on %s: %s", address, strerror(error));
}

enum err_code http_listen(const char *address, int *fd, int *port, struct err *e)
{
    union address a;
    socklen_t len = 0;
    int one = 1, s, error;

    if (!parse(address, &a, &len))
        return err_set(e, ERR_INVALID, "bad_address", "%s is not an address like 127.0.0.1:8080 or [::1]:8080",
                       address);
    s = socket(a.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (s < 0)
        return explain(address, errno, e);
    /* A restart need not wait until the old connections end. */
    setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (a.any.sa_family == AF_INET6)
        setsockopt(s, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof one); /* each family is named separately */
    if (bind(s, &a.any, len) != 0 || listen(s, BACKLOG) != 0 || getsockname(s, &a.any, &len) != 0) {
        error = errno;
        close(s);
        return explain(address, error, e);
    }
    *fd = s;
    *port = ntohs(a.any.sa_family == AF_INET6 ? a.v6.sin6_port : a.v4.sin_port);
    return ERR_OK;
}

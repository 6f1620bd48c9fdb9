/* raw_relay.c - the floor of the relay benchmark: an epoll loop that copies bytes from each connection to its neighbour
 * (first to second, third to fourth, …). No framing, no parsing. usage: raw_relay PORT */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define CONNS_MAX 4096

static int peers[CONNS_MAX * 4]; /* by descriptor */

int main(int argc, char **argv)
{
    struct sockaddr_in at = { .sin_family = AF_INET };
    int listener = socket(AF_INET, SOCK_STREAM, 0), ep = epoll_create1(0), one = 1, waiting = -1;
    struct epoll_event ev = { .events = EPOLLIN }, events[256];
    static char chunk[65536];

    at.sin_port = htons((uint16_t)(argc > 1 ? atoi(argv[1]) : 0));
    inet_pton(AF_INET, "127.0.0.1", &at.sin_addr);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(listener, (struct sockaddr *)&at, sizeof at) < 0 || listen(listener, 1024) < 0)
        return perror("listen"), 1;
    puts("listening");
    fflush(stdout);
    ev.data.fd = listener;
    epoll_ctl(ep, EPOLL_CTL_ADD, listener, &ev);
    for (;;) {
        int n = epoll_wait(ep, events, 256, -1);

        for (int i = 0; i < n; i++) {
            int fd = events[i].data.fd;

            if (fd == listener) {
                fd = accept(listener, NULL, NULL);
                if (fd < 0 || fd >= CONNS_MAX * 4)
                    continue;
                setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
                ev.data.fd = fd;
                epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev);
                peers[fd] = waiting;
                if (waiting >= 0)
                    peers[waiting] = fd;
                waiting = waiting >= 0 ? -1 : fd;
                continue;
            }
            ssize_t got = recv(fd, chunk, sizeof chunk, 0);

            if (got <= 0) {
                close(fd);
                continue;
            }
            for (ssize_t sent = 0; sent < got && peers[fd] >= 0;) {
                ssize_t k = send(peers[fd], chunk + sent, (size_t)(got - sent), MSG_NOSIGNAL);

                if (k <= 0)
                    break;
                sent += k;
            }
        }
    }
}

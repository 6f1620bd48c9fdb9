/* greet.c - full TLS handshakes, one after the other on each of some connections: connects, greets, closes.
 *
 * usage: greet ADDRESS PORT SECONDS   -> {"greeted":…,"seconds":…}
 * No session is resumed. A handshake costs a client more than a server: what is measured is the server's CPU, not the rate. */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "tls_client.h"

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
    struct sockaddr_in to = { .sin_family = AF_INET };
    struct linger at_once = { 1, 0 }; /* no port waits in TIME_WAIT */
    long greeted = 0;
    double start;

    if (argc != 4)
        return fprintf(stderr, "usage: greet ADDRESS PORT SECONDS\n"), 2;
    to.sin_port = htons((uint16_t)atoi(argv[2]));
    inet_pton(AF_INET, argv[1], &to.sin_addr);
    for (start = now(); now() < start + atof(argv[3]); greeted++) {
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        SSL *ssl;

        if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof to) != 0 || !(ssl = tls_greet(fd)))
            return perror("greet"), 1;
        SSL_shutdown(ssl);
        SSL_free(ssl);
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        close(fd);
    }
    printf("{\"greeted\":%ld,\"seconds\":%.4f}\n", greeted, now() - start);
    return 0;
}

#include "http/handover.h"

#include <fcntl.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>

_Static_assert(MHD_USE_TURBO != 0,
               "without MHD_USE_TURBO, libmicrohttpd shuts the connection down for the duplicate too");

int handover_duplicate(int fd)
{
    int copy = fcntl(fd, F_DUPFD_CLOEXEC, 3);
    int one = 1, zero = 0;

    if (copy < 0)
        return -1;
    /* libmicrohttpd leaves them as its last answer set them: 40 ms a message without this. Under TLS it is not a TCP socket:
     * then it fails, and nothing is lost. */
    setsockopt(copy, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    setsockopt(copy, IPPROTO_TCP, TCP_CORK, &zero, sizeof zero);
    return copy;
}

/* 16 bytes are 22 characters and two '='; the last character carries 4 spare bits that must be zero. */
bool handover_key_valid(const char *key)
{
    static const char ALPHABET[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    if (strlen(key) != HANDOVER_KEY_SIZE - 1 || strspn(key, ALPHABET) != 22 || strcmp(key + 22, "==") != 0)
        return false;
    return strchr("AQgw", key[21]) != NULL;
}

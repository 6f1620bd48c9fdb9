/* http_listen.h - listening sockets from "127.0.0.1:8080" or "[::1]:8080", with a message for each failure. Inside http/ only. */
#ifndef HTTP_HTTP_LISTEN_H
#define HTTP_HTTP_LISTEN_H

#include "util/err.h"

/* A non-blocking listening socket, the caller's. Port 0: any free one. *port is the port in use.
 * ERR_INVALID (not an address), ERR_CONFLICT "address_in_use", ERR_FORBIDDEN (a port below 1024), ERR_IO. */
MUST_CHECK enum err_code http_listen(const char *address, int *fd, int *port, struct err *e);

#endif

/* tls_own.h - a certificate signed by its own key, kept in one file with it: for a first try without a name that others know. Browsers
 * warn, and people compare the fingerprint. Reads and writes files: not on an event loop. */
#ifndef TLS_TLS_OWN_H
#define TLS_TLS_OWN_H

#include <stdbool.h>
#include <stdint.h>
#include "util/err.h"

/* Makes sure that `file` (0600, in a folder that exists) holds one for this host (a name or a numeric address) that is valid for another
 * month; otherwise a new one is made, and *made is set. now_s: seconds since 1970. ERR_IO, ERR_FULL. */
MUST_CHECK enum err_code tls_own_keep(const char *file, const char *host, int64_t now_s, bool *made, struct err *e);

#endif

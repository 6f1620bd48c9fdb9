/* http_kept.h - the hashed files of the builds before this one, for pages that were open when the server was upgraded.
 * Each build leaves one file in `folder`, named by the digest of its contents: `<digest>.pack`. The newest KEPT_BUILDS
 * stay. Inside http/ only. Blocks. One thread. */
#ifndef HTTP_HTTP_KEPT_H
#define HTTP_HTTP_KEPT_H

#include "http/http_assets.h"
#include "util/err.h"

#define KEPT_BUILDS 3 /* the present one counts */

struct http_kept;

/* Writes down the immutable files of `assets` unless they stand there already, marks them as the newest, and removes
 * what is too old. ERR_IO, ERR_FULL, ERR_LIMIT: then what was there before is as it was. */
MUST_CHECK enum err_code http_kept_store(const char *folder, const struct asset *assets, struct err *e);

/* Reads the builds that stand there, newest first, that of `assets` left out: at most KEPT_BUILDS of them into `out`, of
 * which the rest becomes NULL. A file that was damaged is left out. */
void http_kept_open(const char *folder, const struct asset *assets, struct http_kept *out[KEPT_BUILDS]);
void http_kept_close(struct http_kept *k);                       /* NULL is fine */
const struct asset *http_kept_assets(const struct http_kept *k); /* ends with a zero entry; lives as long as k */

#endif

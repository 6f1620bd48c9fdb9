/* http_kept.h - the hashed files of the builds before this one, for pages that were open when the server was upgraded.
 * Each build leaves one file in `folder`, named by the digest of its contents: `<digest>.pack`. The newest KEPT_BUILDS
 * stay. Inside http/ only. Blocks. One thread. */
#ifndef HTTP_HTTP_KEPT_H
#define HTTP_HTTP_KEPT_H

#include "http/http_assets.h"
#include "util/err.h"

#define KEPT_BUILDS 3     /* includes the current one */
#define KEPT_NAME_SIZE 38 /* "<32 digits>.pack" */

struct http_kept;

/* Stores the immutable files of `assets` unless they are already there, marks them as the newest, and removes packs
 * that are too old. `name` gets their name; on ERR_LIMIT "". On ERR_IO, ERR_FULL, ERR_LIMIT the earlier packs are unchanged. */
MUST_CHECK enum err_code http_kept_store(const char *folder, const struct asset *assets, char name[KEPT_NAME_SIZE],
                                         struct err *e);

/* Reads the stored builds, newest first, except the one named `own`: at most KEPT_BUILDS of them into `out`; the rest of
 * `out` becomes NULL. Damaged files are left out. */
void http_kept_open(const char *folder, const char *own, struct http_kept *out[KEPT_BUILDS]);
void http_kept_close(struct http_kept *kept);                       /* NULL is fine */
const struct asset *http_kept_assets(const struct http_kept *kept); /* ends with a zero entry; lives as long as k */

#endif

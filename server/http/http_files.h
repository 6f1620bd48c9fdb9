/* http_files.h - the answers to GET of pages and files: each made once, in every coding there is, found by path.
 * Inside http/ only. Any thread. */
#ifndef HTTP_HTTP_FILES_H
#define HTTP_HTTP_FILES_H

#include "http/http_assets.h"
#include "http/http_answer.h"
#include "http/http_fill.h"
#include "http/http_origin.h"
#include "http/http_pages.h"

struct http_files;

/* What is served; all of it is borrowed and outlives the answers. */
struct http_files_settings {
    const struct asset *assets;      /* the embedded client; ends with a zero entry */
    const struct http_place *places; /* which page lives where; ends with a zero entry */
    struct http_fill *fill;          /* what stands in the pages' marks; NULL: they are answered as they are */
    const char *web_dir; /* a built folder instead of `assets`, or NULL: then a page request looks whether it was built
                                        again (for development; older answers are kept until the end) */
    const char *
        kept_dir; /* hashed files of earlier builds are answered from here, and this build is written down; NULL: neither */
};
/* ERR_IO, ERR_NOT_FOUND with the folder's name. Blocks. */
MUST_CHECK enum err_code http_files_open(const struct http_site *site, const struct http_files_settings *settings,
                                         struct http_files **out, struct err *e);
void http_files_close(struct http_files *f); /* after the daemon stopped */

struct http_found {
    struct MHD_Response *answer;
    bool is_ours; /* the caller frees it; else it stays valid until http_files_close() */
    int status;
    size_t len; /* bytes of its body */
};

/* The answer for a decoded path, chosen by the request's language, Accept-Encoding and If-None-Match; false when nothing is there. */
bool http_files_find(struct http_files *f, const char *path, const struct http_head *h, struct http_found *out);
/* The page for a person at an address where nothing is, with status 404; false when the build has none. */
bool http_files_missing(struct http_files *f, const struct http_head *h, struct http_found *out);

#endif

/* http_files.h - the answers to GET of pages and files: each made once, in every coding there is, found by path.
 * Inside http/ only. Any thread. */
#ifndef HTTP_HTTP_FILES_H
#define HTTP_HTTP_FILES_H

#include "http/http_assets.h"
#include "http/http_answer.h"
#include "http/http_fill.h"
#include "http/http_origin.h"

struct http_files;

/* Answers for ASSETS, or for the built folder `web_dir` when it is not NULL: then a page request looks whether the folder
 * was built again (for development; older answers are kept until the end). Hashed files of earlier builds are answered
 * from `kept_dir`, where this build is written down too; NULL: neither. Pages with marks
 * are filled from `fill`, which outlives this; NULL: they are answered as they are. ERR_IO, ERR_NOT_FOUND with the folder's
 * name. */
MUST_CHECK enum err_code http_files_open(const struct http_site *site, struct http_fill *fill, const char *web_dir,
                                         const char *kept_dir, struct http_files **out, struct err *e);
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

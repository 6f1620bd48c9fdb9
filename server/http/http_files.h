/* http_files.h - the answers to GET of pages and files: each made once, in every available coding, found by path.
 * Inside http/ only. Any thread. */
#ifndef HTTP_HTTP_FILES_H
#define HTTP_HTTP_FILES_H

#include "http/http_assets.h"
#include "http/http_answer.h"
#include "http/http_fill.h"
#include "http/http_origin.h"
#include "http/http_pages.h"

struct http_files;

/* The files to serve; all of it is borrowed and outlives the answers. */
struct http_files_settings {
    const struct asset *assets;              /* the embedded client; ends with a zero entry */
    const struct http_page_path *page_paths; /* paths of the pages; ends with a zero entry */
    struct http_fill *fill;                  /* the words for the pages' marks; NULL: pages are served unchanged */
    /* A built folder instead of `assets`, or NULL. A page request checks whether it was rebuilt (for development; older answers
     * are kept until the end). */
    const char *web_dir;
    /* Hashed files of earlier builds are served from here, and this build is stored here; NULL: neither. */
    const char *kept_dir;
};
/* ERR_IO, ERR_NOT_FOUND with the folder's name. Blocks. */
MUST_CHECK enum err_code http_files_open(const struct http_site *site, const struct http_files_settings *settings,
                                         struct http_files **out, struct err *e);
void http_files_close(struct http_files *files); /* after the daemon has stopped */

struct http_found {
    struct MHD_Response *answer;
    bool is_ours; /* the caller frees it; otherwise it stays valid until http_files_close() */
    int status;
    size_t len; /* bytes of its body */
};

/* The answer for a decoded path, chosen by the request's language, Accept-Encoding and If-None-Match; false when no file is there. */
bool http_files_find(struct http_files *files, const char *path, const struct http_head *head, struct http_found *out);
/* The page that tells a person that an address does not exist, with status 404; false when the build has none. */
bool http_files_missing(struct http_files *files, const struct http_head *head, struct http_found *out);

#endif

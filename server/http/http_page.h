/* http_page.h - the answers for one file or page, with its headers, and for a page filled with the practice's words.
 * Inside http/ only. Any thread. */
#ifndef HTTP_HTTP_PAGE_H
#define HTTP_HTTP_PAGE_H

#include "http/http_accept.h"
#include "http/http_answer.h"
#include "http/http_assets.h"
#include "http/http_fill.h"
#include "http/http_origin.h"
#include "http/http_pages.h"
#include "http/http_security.h"

/* What the browser may do with this file. `page_paths` holds the rights of pages. `out` is used in place. */
void http_file_security(const struct http_site *site, const struct http_page_path *page_paths, const struct asset *a,
                        struct http_security *out);
/* An answer with this form of the file, or 304 without it. `copied`: the bytes need not outlive the call. */
struct MHD_Response *http_file_answer(const struct asset *a, const struct http_security *security,
                                      const struct asset_body *body, enum http_coding coding, const char *etag,
                                      bool unchanged, bool copied);

struct http_page;

/* A page with marks (http_fill_wanted()); asset and words are borrowed. */
struct http_page *http_page_new(const struct http_site *site, const struct http_page_path *page_paths,
                                const struct asset *a, struct http_fill *fill);
void http_page_free(struct http_page *page); /* NULL is fine */
/* The current page, in a form that the request accepts. *status: 200 or 304; 404 stays 404. The caller owns the answer. */
struct MHD_Response *http_page_answer(struct http_page *page, const struct http_head *head, int *status, size_t *len);

#endif

/* http_assets.h - the embedded client: pages and hashed files, each made into a response once. */
#ifndef HTTP_HTTP_ASSETS_H
#define HTTP_HTTP_ASSETS_H

#include <stdbool.h>
#include <stddef.h>

struct asset_body {
    const unsigned char *bytes; /* NULL: this form does not exist */
    size_t len;
};
/* One file of the built client, written by web/build.mjs. */
struct asset {
    const char *path;     /* "/assets/call-AB12CD34.js", or the name of a page in a language: "room.en.html" */
    const char *type;     /* Content-Type */
    const char *etag;     /* quoted */
    const char *csp_hash; /* pages: the style hashes for CSP ("'sha256-…'" or several), otherwise "" */
    bool immutable;       /* cached for a year */
    bool page;            /* an HTML shell: no-cache, with the page's CSP */
    struct asset_body identity, gzip, brotli;
};
extern const struct asset ASSETS[]; /* made by the client's build, for app to hand over; ends with a zero entry */

#endif

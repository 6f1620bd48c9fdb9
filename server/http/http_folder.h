/* http_folder.h - a built client on disk as a table of assets, for --web-dir. Inside http/ only. Blocks. One thread at a time. */
#ifndef HTTP_HTTP_FOLDER_H
#define HTTP_HTTP_FOLDER_H

#include <stdbool.h>
#include "http/http_assets.h"
#include "util/err.h"

struct http_folder;

/* Reads the pages (*.html) and other files of `path` and of `path`/assets, with their .gz and .br neighbours;
 * `path`/assets.json, if present, holds the style hashes. ERR_NOT_FOUND, ERR_IO, ERR_LIMIT (too many or too large files). */
MUST_CHECK enum err_code http_folder_open(const char *path, struct http_folder **out, struct err *e);
void http_folder_close(struct http_folder *folder); /* NULL is fine */
/* Ends with a zero entry; lives as long as the folder. */
const struct asset *http_folder_assets(const struct http_folder *folder);
bool http_folder_changed(const struct http_folder *folder); /* was it rebuilt since? */

#endif

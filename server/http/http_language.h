/* http_language.h - the language in which somebody reads the pages. Scripts follow the language of their page, so this
 * is the only place that decides it. Inside http/ only. Pure. Any thread. */
#ifndef HTTP_HTTP_LANGUAGE_H
#define HTTP_HTTP_LANGUAGE_H

#include "http/http_framing.h"

#define HTTP_LANGUAGE_SIZE 12
/* The cookie in which a page remembers the language that was chosen on it (web/js/ui/texts.js). */
#define HTTP_LANGUAGE_COOKIE "parlour_lang"

/* The language chosen here before; otherwise the browser's favourite of `offered` ("en,ar"; "ar-EG" counts as "ar"); otherwise
 * the first of them; otherwise "en". The chosen one need not be in `offered`: the caller checks whether there is such a page. */
void http_language_pick(const struct http_head *head, const char *offered, char to[HTTP_LANGUAGE_SIZE]);

#endif

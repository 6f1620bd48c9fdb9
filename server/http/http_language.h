/* http_language.h - in which language somebody reads the pages. The pages take the language that they come in, so this is
 * the only place where it is decided. Inside http/ only. Pure. Any thread. */
#ifndef HTTP_HTTP_LANGUAGE_H
#define HTTP_HTTP_LANGUAGE_H

#include "http/http_framing.h"

#define HTTP_LANGUAGE_SIZE 12
/* The cookie in which a page remembers the language that was chosen on it (web/js/ui/texts.js). */
#define HTTP_LANGUAGE_COOKIE "parlour_lang"

/* What was chosen here before; else what the browser likes best of `offered` ("en,ar"; "ar-EG" counts as "ar"); else the first
 * of them; else "en". What was chosen need not be one of them: the caller looks whether there is such a page. */
void http_language_pick(const struct http_head *h, const char *offered, char to[HTTP_LANGUAGE_SIZE]);

#endif

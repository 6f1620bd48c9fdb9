/* http_begin.h - the first call of a request, when its head is complete: it is refused, handed over to signaling,
 * answered, or kept until its body is here. Inside http/ only. On the connection's thread. */
#ifndef HTTP_HTTP_BEGIN_H
#define HTTP_HTTP_BEGIN_H

#include "http/http_link.h"

enum MHD_Result http_begin(struct link *l, const char *method, const char *version);

#endif

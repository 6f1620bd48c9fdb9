#include "http/http_small.h"

#include <string.h>

#include "domain/crypto.h"
#include "http/http_problem.h"
#include "http/http_reply.h"
#include "observe/log.h"

#define PLAIN_MAX_BYTES (1 << 20)

static struct http_reply empty_reply(const struct http_core *core, struct arena *arena)
{
    return (struct http_reply){ .arena = arena, .site = &core->site, .security = &core->data_security };
}

/* The reply's memory is freed; the answer has copies. */
static struct MHD_Response *finish(struct http_reply *reply, int *status)
{
    struct MHD_Response *answer = http_answer_reply(reply);

    *status = reply->status;
    json_decref(reply->json);
    arena_clear(reply->arena);
    return answer;
}

struct MHD_Response *http_small_problem(const struct http_core *core, const struct err *e, bool html, const char *allow,
                                        int *status)
{
    struct arena arena = { 0 };
    struct http_reply reply = empty_reply(core, &arena);
    char id[ID_SIZE];

    crypto_new_id(id);
    http_reply_problem(&reply, e, id, html);
    if (allow[0])
        http_reply_header(&reply, "Allow", allow);
    log_event(LOG_DEBUG, "http.refused", "id=%s status=%d code=%s", id, reply.status, e->code);
    return finish(&reply, status);
}

struct MHD_Response *http_small_plain(const struct http_core *core, const struct http_plain *plain, bool ready,
                                      int *status)
{
    struct buf body = { .max = PLAIN_MAX_BYTES };
    struct arena arena = { 0 };
    struct http_reply reply = empty_reply(core, &arena);
    int said = 503;

    if (ready || strcmp(plain->path, "/readyz") != 0)
        said = plain->run(core->api, &body);
    else
        buf_add_text(&body, "starting or stopping\n");
    http_reply_text(&reply, said, plain->type, buf_text(&body), body.len);
    buf_clear(&body);
    return finish(&reply, status);
}

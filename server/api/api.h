/* api.h - what the handlers of the HTTP API share: where links point, keys, the way to the live rooms.
 * One per process, made by app before http_start(), which passes it to every handler as call->api. Its members are set
 * before api_start() and, except for the ring, only read afterwards; the objects they point to outlive it. Any thread. */
#ifndef API_API_H
#define API_API_H

#include "domain/token.h"
#include "live/hub.h"
#include "store/store_keys.h"
#include "util/err.h"

struct doctor_job;
struct http_fill;
struct route;
struct throttle;

struct api {
    /* Set by app. */
    struct hub *hub;
    _Atomic(const struct key_ring *) ring; /* signs; app sets a new one when keys are renewed */
    const struct master_keys *keys;
    const char *public_url;       /* "https://visits.example.org", no slash at the end */
    const char *reach;            /* who can open links to it: "anywhere", "network", "machine", "insecure" */
    const char *data_folder;      /* folder of the setup code */
    struct http_fill *fill;       /* told when the practice's name or telephone changes; may be NULL */
    const char *const *turn_urls; /* NULL-terminated, may be empty */
    const char *turn_secret;      /* the secret that signs, or NULL */
    struct doctor_job *doctor;    /* the checks of the installation */
    void *owner;                  /* belongs to app, for the plain pages that get the same pointer; not used here */

    /* Made by api_start(). */
    struct throttle *sign_ins; /* failures by account and origin */
    char *openapi;             /* openapi.json, made from the route table */
};

/* `routes` ends with a zero entry; openapi.json describes them. ERR_INTERNAL: public_url is not UTF-8. */
MUST_CHECK enum err_code api_start(struct api *a, const struct route *routes, struct err *e);
void api_stop(struct api *a); /* after http_stop() */

#endif

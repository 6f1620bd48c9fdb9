#include "http/http_neighbour.h"

#include <pthread.h>
#include <string.h>

#include "http/http_address.h"
#include "observe/log.h"
#include "util/mem.h"
#include "util/str.h"

#define NOTED_MAX 32

struct http_neighbours {
    pthread_mutex_t lock;
    int count; /* under lock, as the next; only grows */
    struct {
        char peer[HTTP_ADDRESS_SIZE];
        enum neighbour_fault fault;
    } noted[NOTED_MAX];
};

struct http_neighbours *http_neighbours_new(void)
{
    struct http_neighbours *n = mem_new(sizeof *n);

    pthread_mutex_init(&n->lock, NULL);
    return n;
}

void http_neighbours_free(struct http_neighbours *n)
{
    if (!n)
        return;
    pthread_mutex_destroy(&n->lock);
    mem_free(n);
}

enum neighbour_fault http_neighbour_fault(const char *peer, const struct http_head *head, const char *const *trusted)
{
    bool forwards = http_head_find(head, "X-Forwarded-For") != NULL;

    if (http_address_is_trusted(peer, trusted))
        return forwards ? NEIGHBOUR_FINE : NEIGHBOUR_SILENT;
    return forwards || http_head_find(head, "Forwarded") ? NEIGHBOUR_UNNAMED : NEIGHBOUR_FINE;
}

/* True for the first time. */
static bool remember(struct http_neighbours *n, const char *peer, enum neighbour_fault fault)
{
    for (int i = 0; i < n->count; i++)
        if (n->noted[i].fault == fault && strcmp(n->noted[i].peer, peer) == 0)
            return false;
    if (n->count == NOTED_MAX)
        return false;
    str_copy(n->noted[n->count].peer, sizeof n->noted[n->count].peer, peer);
    n->noted[n->count++].fault = fault;
    return true;
}

void http_neighbour_note(struct http_neighbours *n, const char *peer, enum neighbour_fault fault)
{
    static const char *const WORDS[NEIGHBOUR_FAULTS] = {
        [NEIGHBOUR_UNNAMED] =
            "It forwards for others, and all of them count as one address; when it is your proxy, set "
            "trusted-proxy to its address",
        [NEIGHBOUR_SILENT] =
            "It is a trusted proxy, and does not say for whom it asks, so that all of them count as one "
            "address; let it set X-Forwarded-For",
    };
    bool first;

    if (fault == NEIGHBOUR_FINE)
        return;
    pthread_mutex_lock(&n->lock);
    first = remember(n, peer, fault);
    pthread_mutex_unlock(&n->lock);
    if (first)
        log_event(LOG_WARN, fault == NEIGHBOUR_UNNAMED ? "http.proxy_unnamed" : "http.proxy_silent",
                  "peer=%s detail=\"%s\"", peer, WORDS[fault]);
}

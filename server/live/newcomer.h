/* newcomer.h - a guest without a token yet, as described to the hub. */
#ifndef LIVE_NEWCOMER_H
#define LIVE_NEWCOMER_H

#include <stdbool.h>
#include "domain/id.h"

struct hub_newcomer {
    char room_id[ID_SIZE], invitation_id[ID_SIZE]; /* the second "" without */
    char address[64];
    bool crowd; /* by a link for several, or by the address of the room */
};

#endif

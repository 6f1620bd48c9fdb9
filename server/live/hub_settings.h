/* hub_settings.h - the hub's settings at its start. */
#ifndef LIVE_HUB_SETTINGS_H
#define LIVE_HUB_SETTINGS_H

#include <stddef.h>
#include "domain/token.h"

struct hub_settings {
    int shards;                            /* signal_threads, 1..16 */
    int max_sockets;                       /* in all */
    int max_unjoined;                      /* without `join` yet, in all (512): then one gives way (unjoined.h) */
    int max_unjoined_per_address;          /* 16; four times as many for the /48 of an IPv6 address */
    int rate_per_s, burst;                 /* messages per seat: 50, 200 */
    int dashboard_check_ms;                /* how often a dashboard's sign-in is checked; 0: every 5 minutes */
    size_t socket_queue_bytes;             /* 512 KiB */
    size_t total_queue_bytes;              /* 256 MiB, including messages kept for seats without a connection */
    const char *public_url;                /* iss and aud of tokens */
    _Atomic(const struct key_ring *) ring; /* outlives the hub */
    const uint8_t *participant_key;        /* KEY_BYTES, of participant ids; outlives the hub */
    const char *const *turn_urls;          /* NULL-terminated, may be empty */
    const char *turn_secret;               /* the signing one, or NULL; outlives the hub */
    const char *turn_realm;                /* informative */
};

#endif

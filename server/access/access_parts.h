/* access_parts.h - what the files of this folder share. Inside access/ only. */
#ifndef ACCESS_ACCESS_PARTS_H
#define ACCESS_ACCESS_PARTS_H

#include <stdatomic.h>
#include <stdint.h>
#include "access/bucket_table.h"

struct access {
    struct bucket_table *buckets;
    int rate_scale;            /* multiplies every limit */
    const uint8_t *device_key; /* KEY_BYTES, borrowed; NULL: there are no known devices */
    atomic_bool set_up;        /* a user exists; never becomes false again */
};

#endif

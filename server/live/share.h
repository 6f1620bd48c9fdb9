/* share.h - the lines of waiting people that an arriving host reads: a share of each, the newest first, so that one person's many
 * lines do not push out another's few. Pure. */
#ifndef LIVE_SHARE_H
#define LIVE_SHARE_H

#include "live/kept.h"

/* One waiting person. */
struct share {
    struct kept *of; /* borrowed; of these, the lines to the hosts are shared out */
    uint16_t from;   /* lines from here on are passed on */
    size_t cost;     /* size of these lines, in bytes */
    bool done;       /* complete: there is no more, or it does not fit */
};

/* At most `max_bytes` and KEPT_LINES_MAX lines of all together. Sets `from` of each; shares must be zeroed except `of`. */
void share_out(struct share *all, size_t count, size_t max_bytes);

/* The share with the next line in time, its index in `*line`; NULL: none is left. That share then begins after it. */
struct share *share_next(struct share *all, size_t count, struct kept_line **line);

#endif

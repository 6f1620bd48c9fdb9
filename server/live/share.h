/* share.h - what a host who comes in reads of those who wait: of each a share, the newest lines first, so that the many words of one
 * push out nobody's few. Pure. */
#ifndef LIVE_SHARE_H
#define LIVE_SHARE_H

#include "live/kept.h"

/* One who waits. */
struct share {
    struct kept *of; /* borrowed; of these, what they have written to the hosts is shared out */
    uint16_t from;   /* from this line on it is passed on */
    size_t cost;     /* of these lines, in bytes */
    bool done;       /* no more of it: there is none, or it does not fit */
};

/* At most `max_bytes` and KEPT_LINES_MAX lines of all together. `from` of each is set; a zeroed share but for `of`. */
void share_out(struct share *all, size_t count, size_t max_bytes);

/* The one whose line comes next in time, its place in `*line`; NULL: there is none any more. That share begins behind it then. */
struct share *share_next(struct share *all, size_t count, struct kept_line **line);

#endif

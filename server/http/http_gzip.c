#include "http/http_gzip.h"

#include <limits.h>
#include <zlib.h>

#define GZIP_WINDOW (15 + 16) /* the largest, in a gzip frame */
#define MEMORY_MOST 9

static bool pack(z_stream *z, const struct buf *plain, struct buf *out)
{
    uLong most = deflateBound(z, (uLong)plain->len);
    char *to = buf_reserve(out, most);

    if (!to)
        return false;
    z->next_in = (z_const Bytef *)plain->data;
    z->avail_in = (uInt)plain->len;
    z->next_out = (Bytef *)to;
    z->avail_out = (uInt)most;
    if (deflate(z, Z_FINISH) != Z_STREAM_END)
        return false;
    buf_advance(out, (size_t)z->total_out);
    return true;
}

bool http_gzip(const struct buf *plain, struct buf *out)
{
    z_stream z = { 0 };
    bool packed;

    if (plain->len > INT_MAX / 2 ||
        deflateInit2(&z, Z_BEST_COMPRESSION, Z_DEFLATED, GZIP_WINDOW, MEMORY_MOST, Z_DEFAULT_STRATEGY) != Z_OK)
        return false;
    packed = pack(&z, plain, out);
    deflateEnd(&z);
    return packed;
}

#include "tls/tls_watch.h"

#include <string.h>

static struct tls_mark mark_of(const char *const files[2])
{
    struct tls_mark m;
    struct stat st;

    memset(&m, 0, sizeof m);
    for (int i = 0; i < 2; i++) {
        if (stat(files[i], &st) != 0) {
            memset(&m, 0, sizeof m);
            return m;
        }
        m.device[i] = st.st_dev;
        m.inode[i] = st.st_ino;
        m.size[i] = st.st_size;
        m.changed[i] = st.st_mtim;
    }
    return m;
}

static bool same(const struct tls_mark *a, const struct tls_mark *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

void tls_watch_read(struct tls_watch *watch, const char *first, const char *second)
{
    watch->read = watch->seen = mark_of((const char *const[]){ first, second });
}

bool tls_watch_changed(struct tls_watch *watch, const char *first, const char *second)
{
    struct tls_mark now = mark_of((const char *const[]){ first, second });
    bool settled = same(&now, &watch->seen);

    watch->seen = now;
    return settled && !same(&now, &watch->read);
}

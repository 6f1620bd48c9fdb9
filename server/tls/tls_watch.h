/* tls_watch.h - has a pair of files changed, and is it complete? Two looks must agree before a change counts, since the files of a
 * certificate are replaced one after the other. Asks the file system: not on an event loop. Inside tls/ only. */
#ifndef TLS_TLS_WATCH_H
#define TLS_TLS_WATCH_H

#include <stdbool.h>
#include <sys/stat.h>

struct tls_mark { /* tells one version of two files from another; all zero: a file is missing */
    dev_t device[2];
    ino_t inode[2];
    off_t size[2];
    struct timespec changed[2];
};

struct tls_watch {
    struct tls_mark read; /* when they were read last, with whatever result */
    struct tls_mark seen; /* at the last look */
};

/* They have just been read. */
void tls_watch_read(struct tls_watch *watch, const char *first, const char *second);
/* To be called now and then: true when they have changed since they were read, and not since the last look. */
bool tls_watch_changed(struct tls_watch *watch, const char *first, const char *second);

#endif

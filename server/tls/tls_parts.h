/* tls_parts.h - what the threads of TLS share. Inside tls/ only. */
#ifndef TLS_TLS_PARTS_H
#define TLS_TLS_PARTS_H

#include <pthread.h>
#include <stdatomic.h>
#include "tls/tls_context.h"
#include "tls/tls_settings.h"
#include "util/crowd.h"

struct tls_parts {
    struct tls_settings settings;
    int listeners[TLS_LISTENERS_MAX]; /* duplicates, ours */
    struct tls_context *context;
    struct crowd *crowd; /* handshakes by address */
    pthread_mutex_t handing;
    bool shut; /* nothing is handed over any more; under `handing` */
    atomic_int connections, greetings;
    _Atomic int64_t greeted, failed, late, http;
};

#endif

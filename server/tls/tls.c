#include "tls/tls.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "observe/log.h"
#include "tls/tls_certificate.h"
#include "tls/tls_parts.h"
#include "tls/tls_pump.h"
#include "tls/tls_watch.h"
#include "util/clock.h"
#include "util/mem.h"

#define THREADS_MAX 8
#define DAY_S INT64_C(86400)
#define DAYS_FEW 14 /* programs renew a month before the end: by now it has failed again and again */

struct tls {
    struct tls_parts parts;
    struct tls_pump *pumps[THREADS_MAX];
    struct tls_watch watch;
    int64_t presented_ms;                   /* when the files were read last, monotonic */
    char fingerprint[TLS_FINGERPRINT_SIZE]; /* of the certificate in force; of the main thread */
    _Atomic int64_t renewed, renewals_failed, certificate_until_s;
};

/* ---- the certificate ---- */

/* Nothing of this keeps it from serving, but browsers would warn, now or soon. */
static void report(const struct tls *t, const struct tls_certificate *c, const struct tls_facts *facts)
{
    int64_t days = (facts->until_s - clock_wall_ms() / 1000) / DAY_S;

    log_event(LOG_INFO, "tls.certificate", "days_left=%lld sha256=%s", (long long)days, facts->fingerprint);
    if (days < DAYS_FEW)
        log_event(LOG_WARN, "tls.expires", "days_left=%lld remedy=\"renew it: certbot renew, or look why that fails\"",
                  (long long)days);
    if (facts->lacks_chain)
        log_event(LOG_WARN, "tls.chain",
                  "why=\"the file holds the certificate alone, and phones refuse it without those that issued it\" "
                  "remedy=\"name fullchain.pem\"");
    if (!tls_certificate_names(c, t->parts.settings.host))
        log_event(LOG_WARN, "tls.name",
                  "host=%s why=\"the certificate is made out to other names, and browsers warn\" "
                  "remedy=\"get one for this name, or set public-url to a name in it\"",
                  t->parts.settings.host);
}

/* The files are marked before they are read: a change meanwhile is then noticed at the next look. */
static enum err_code present(struct tls *t, struct err *e)
{
    const struct tls_settings *s = &t->parts.settings;
    struct tls_certificate *c = NULL;
    struct tls_facts facts;
    enum err_code rc;

    tls_watch_read(&t->watch, s->certificate, s->key);
    t->presented_ms = clock_mono_ms();
    rc = tls_certificate_read(s->certificate, s->key, clock_wall_ms() / 1000, &c, e);
    if (rc == ERR_OK)
        rc = tls_context_present(t->parts.context, c, e);
    if (rc == ERR_OK) {
        tls_certificate_facts(c, &facts);
        memcpy(t->fingerprint, facts.fingerprint, sizeof t->fingerprint);
        atomic_store(&t->certificate_until_s, facts.until_s);
        report(t, c, &facts);
    }
    tls_certificate_free(c);
    return rc;
}

void tls_look(struct tls *t, bool now)
{
    const struct tls_settings *s = &t->parts.settings;
    struct err e = { 0 };

    bool changed = tls_watch_changed(&t->watch, s->certificate, s->key) || now;

    if (!changed && clock_mono_ms() - t->presented_ms < DAY_S * 1000)
        return;
    if (present(t, &e) == ERR_OK) {
        atomic_fetch_add(&t->renewed, changed);
        return;
    }
    atomic_fetch_add(&t->renewals_failed, 1);
    log_event(LOG_WARN, "tls.kept", "code=%s why=\"%s\" note=\"the certificate before stays in force\"", e.code,
              e.detail);
}

/* ---- life ---- */

static enum err_code copy_listeners(struct tls *t, struct err *e)
{
    struct tls_settings *s = &t->parts.settings;
    size_t count = s->listener_count;

    s->listener_count = 0; /* those that must be closed */
    if (count > TLS_LISTENERS_MAX)
        return err_set(e, ERR_LIMIT, "too_many", "at most %d addresses can be listened on", TLS_LISTENERS_MAX);
    for (; s->listener_count < count; s->listener_count++) {
        int copy = fcntl(s->listeners[s->listener_count], F_DUPFD_CLOEXEC, 3);

        if (copy < 0)
            return err_set(e, ERR_IO, "tls_failed", "the system gives no more descriptors");
        t->parts.listeners[s->listener_count] = copy;
    }
    return ERR_OK;
}

static enum err_code start_pumps(struct tls *t, struct err *e)
{
    int threads = t->parts.settings.threads;
    enum err_code rc = ERR_OK;

    threads = threads < 1 ? 1 : threads > THREADS_MAX ? THREADS_MAX : threads;
    for (int i = 0; rc == ERR_OK && i < threads; i++)
        rc = tls_pump_start(&t->parts, &t->pumps[i], e);
    return rc;
}

enum err_code tls_start(const struct tls_settings *settings, struct tls **out, struct err *e)
{
    struct tls *t = mem_new(sizeof *t);
    enum err_code rc;

    t->parts.settings = *settings;
    t->parts.context = tls_context_new();
    t->parts.crowd = crowd_new(settings->max_greetings_per_address);
    pthread_mutex_init(&t->parts.handing, NULL);
    rc = copy_listeners(t, e);
    if (rc == ERR_OK)
        rc = present(t, e);
    if (rc == ERR_OK)
        rc = start_pumps(t, e);
    if (rc != ERR_OK) {
        tls_stop(t, 0);
        return rc;
    }
    *out = t;
    return ERR_OK;
}

void tls_shut_doors(struct tls *t)
{
    if (!t)
        return;
    pthread_mutex_lock(&t->parts.handing);
    t->parts.shut = true;
    pthread_mutex_unlock(&t->parts.handing);
}

void tls_stop(struct tls *t, int64_t until_ms)
{
    if (!t)
        return;
    tls_shut_doors(t);
    for (int i = 0; i < THREADS_MAX; i++)
        tls_pump_end_by(t->pumps[i], until_ms);
    for (int i = 0; i < THREADS_MAX; i++)
        tls_pump_free(t->pumps[i]);
    for (size_t i = 0; i < t->parts.settings.listener_count; i++)
        close(t->parts.listeners[i]);
    tls_context_free(t->parts.context);
    crowd_free(t->parts.crowd);
    pthread_mutex_destroy(&t->parts.handing);
    mem_free(t);
}

bool tls_alive(const struct tls *t, int within_ms)
{
    for (int i = 0; t && i < THREADS_MAX; i++)
        if (t->pumps[i] && clock_mono_ms() - tls_pump_turned_ms(t->pumps[i]) > within_ms)
            return false;
    return true;
}

void tls_fingerprint(const struct tls *t, char to[TLS_FINGERPRINT_SIZE])
{
    memcpy(to, t->fingerprint, TLS_FINGERPRINT_SIZE);
}

void tls_stats(const struct tls *t, struct tls_stats *out)
{
    const struct tls_parts *p = &t->parts;

    *out = (struct tls_stats){
        .connections = atomic_load(&p->connections),
        .greetings = atomic_load(&p->greetings),
        .greeted = atomic_load(&p->greeted),
        .failed = atomic_load(&p->failed),
        .late = atomic_load(&p->late),
        .refused_crowd = crowd_refused(p->crowd),
        .http = atomic_load(&p->http),
        .renewed = atomic_load(&t->renewed),
        .renewals_failed = atomic_load(&t->renewals_failed),
        .certificate_until_s = atomic_load(&t->certificate_until_s),
    };
}

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
/* The sandbox knows the folders that were there at the start. */
#define UNREADABLE "; if the folder was made anew, restart the server: until then it is closed to it"
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
static void report(const struct tls *tls, const struct tls_certificate *certificate, const struct tls_facts *facts)
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
    if (!tls_certificate_names(certificate, tls->parts.settings.host))
        log_event(LOG_WARN, "tls.name",
                  "host=%s why=\"the certificate is made out to other names, and browsers warn\" "
                  "remedy=\"get one for this name, or set public-url to a name in it\"",
                  tls->parts.settings.host);
}

/* The files are marked before they are read: a change meanwhile is then noticed at the next look. */
static enum err_code present(struct tls *tls, struct err *e)
{
    const struct tls_settings *settings = &tls->parts.settings;
    struct tls_certificate *certificate = NULL;
    struct tls_facts facts;
    enum err_code rc;

    tls_watch_read(&tls->watch, settings->certificate, settings->key);
    tls->presented_ms = clock_mono_ms();
    rc = tls_certificate_read(settings->certificate, settings->key, clock_wall_ms() / 1000, &certificate, e);
    if (rc == ERR_OK)
        rc = tls_context_present(tls->parts.context, certificate, e);
    if (rc == ERR_OK) {
        tls_certificate_facts(certificate, &facts);
        memcpy(tls->fingerprint, facts.fingerprint, sizeof tls->fingerprint);
        atomic_store(&tls->certificate_until_s, facts.until_s);
        report(tls, certificate, &facts);
    }
    tls_certificate_free(certificate);
    return rc;
}

void tls_look(struct tls *tls, bool now)
{
    const struct tls_settings *settings = &tls->parts.settings;
    struct err e = { 0 };

    bool changed = tls_watch_changed(&tls->watch, settings->certificate, settings->key) || now;

    if (!changed && clock_mono_ms() - tls->presented_ms < DAY_S * 1000)
        return;
    if (present(tls, &e) == ERR_OK) {
        atomic_fetch_add(&tls->renewed, changed);
        return;
    }
    atomic_fetch_add(&tls->renewals_failed, 1);
    log_event(LOG_WARN, "tls.kept", "code=%s why=\"%s\" note=\"the certificate before stays in force%s\"", e.code,
              e.detail, strcmp(e.code, "io") == 0 ? UNREADABLE : "");
}

/* ---- life ---- */

static enum err_code copy_listeners(struct tls *tls, struct err *e)
{
    struct tls_settings *settings = &tls->parts.settings;
    size_t count = settings->listener_count;

    settings->listener_count = 0; /* those that must be closed */
    if (count > TLS_LISTENERS_MAX)
        return err_set(e, ERR_LIMIT, "too_many", "at most %d addresses can be listened on", TLS_LISTENERS_MAX);
    for (; settings->listener_count < count; settings->listener_count++) {
        int copy = fcntl(settings->listeners[settings->listener_count], F_DUPFD_CLOEXEC, 3);

        if (copy < 0)
            return err_set(e, ERR_IO, "tls_failed", "the system gives no more descriptors");
        tls->parts.listeners[settings->listener_count] = copy;
    }
    return ERR_OK;
}

static enum err_code start_pumps(struct tls *tls, struct err *e)
{
    int threads = tls->parts.settings.threads;
    enum err_code rc = ERR_OK;

    threads = threads < 1 ? 1 : threads > THREADS_MAX ? THREADS_MAX : threads;
    for (int i = 0; rc == ERR_OK && i < threads; i++)
        rc = tls_pump_start(&tls->parts, &tls->pumps[i], e);
    return rc;
}

enum err_code tls_start(const struct tls_settings *settings, struct tls **out, struct err *e)
{
    struct tls *tls = mem_new(sizeof *tls);
    enum err_code rc;

    tls->parts.settings = *settings;
    tls->parts.context = tls_context_new();
    tls->parts.crowd = crowd_new(settings->max_greetings_per_address);
    pthread_mutex_init(&tls->parts.handing, NULL);
    rc = copy_listeners(tls, e);
    if (rc == ERR_OK)
        rc = present(tls, e);
    if (rc == ERR_OK)
        rc = start_pumps(tls, e);
    if (rc != ERR_OK) {
        tls_stop(tls, 0);
        return rc;
    }
    *out = tls;
    return ERR_OK;
}

void tls_shut_doors(struct tls *tls)
{
    if (!tls)
        return;
    pthread_mutex_lock(&tls->parts.handing);
    tls->parts.shut = true;
    pthread_mutex_unlock(&tls->parts.handing);
}

void tls_stop(struct tls *tls, int64_t until_ms)
{
    if (!tls)
        return;
    tls_shut_doors(tls);
    for (int i = 0; i < THREADS_MAX; i++)
        tls_pump_end_by(tls->pumps[i], until_ms);
    for (int i = 0; i < THREADS_MAX; i++)
        tls_pump_free(tls->pumps[i]);
    for (size_t i = 0; i < tls->parts.settings.listener_count; i++)
        close(tls->parts.listeners[i]);
    tls_context_free(tls->parts.context);
    crowd_free(tls->parts.crowd);
    pthread_mutex_destroy(&tls->parts.handing);
    mem_free(tls);
}

bool tls_alive(const struct tls *tls, int within_ms)
{
    for (int i = 0; tls && i < THREADS_MAX; i++)
        if (tls->pumps[i] && clock_mono_ms() - tls_pump_turned_ms(tls->pumps[i]) > within_ms)
            return false;
    return true;
}

void tls_fingerprint(const struct tls *tls, char to[TLS_FINGERPRINT_SIZE])
{
    memcpy(to, tls->fingerprint, TLS_FINGERPRINT_SIZE);
}

void tls_stats(const struct tls *tls, struct tls_stats *out)
{
    const struct tls_parts *parts = &tls->parts;

    *out = (struct tls_stats){
        .connections = atomic_load(&parts->connections),
        .greetings = atomic_load(&parts->greetings),
        .greeted = atomic_load(&parts->greeted),
        .failed = atomic_load(&parts->failed),
        .late = atomic_load(&parts->late),
        .refused_crowd = crowd_refused(parts->crowd),
        .http = atomic_load(&parts->http),
        .renewed = atomic_load(&tls->renewed),
        .renewals_failed = atomic_load(&tls->renewals_failed),
        .certificate_until_s = atomic_load(&tls->certificate_until_s),
    };
}

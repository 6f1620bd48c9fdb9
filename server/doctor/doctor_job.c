#include "doctor/doctor_job.h"

#include <pthread.h>

#include "doctor/doctor_json.h"
#include "util/clock.h"
#include "util/mem.h"

enum job_state { JOB_NEVER, JOB_RUNNING, JOB_DONE };

struct doctor_job {
    const struct config *config;
    struct store_db *db;
    int64_t clock_offset_ms;
    atomic_bool stop;
    pthread_t thread; /* while `joinable` */

    pthread_mutex_t lock; /* guards the rest */
    bool joinable;
    enum job_state state;
    struct doctor_report shown;
};

struct doctor_job *doctor_job_new(const struct config *config, struct store_db *db, int64_t clock_offset_ms)
{
    struct doctor_job *j = mem_new(sizeof *j);

    j->config = config;
    j->db = db;
    j->clock_offset_ms = clock_offset_ms;
    pthread_mutex_init(&j->lock, NULL);
    return j;
}

void doctor_job_free(struct doctor_job *j)
{
    if (!j)
        return;
    atomic_store(&j->stop, true);
    if (j->joinable)
        pthread_join(j->thread, NULL);
    pthread_mutex_destroy(&j->lock);
    mem_free(j);
}

static void show(void *arg, const struct doctor_finding *f)
{
    struct doctor_job *j = arg;

    pthread_mutex_lock(&j->lock);
    j->shown.items[j->shown.count++] = *f;
    if (f->words->level > j->shown.level)
        j->shown.level = f->words->level;
    pthread_mutex_unlock(&j->lock);
}

/* False: the command line's round runs just now. */
static bool examine(struct doctor_job *j, struct doctor_report *report)
{
    struct err why = { 0 };
    struct doctor_subject subject = {
        .config = j->config, .store_error = &why, .serving = true, .clock_offset_ms = j->clock_offset_ms
    };
    enum err_code rc;

    (void)!store_open(j->db, &subject.store, &why);

    rc = doctor_examine(&subject, &j->stop, show, j, report, NULL);
    store_close(subject.store);
    return rc == ERR_OK;
}

static void *run(void *arg)
{
    struct doctor_job *j = arg;
    struct doctor_report *report = mem_new(sizeof *report);
    bool examined = examine(j, report);

    pthread_mutex_lock(&j->lock);
    j->shown.ended_ms = clock_wall_ms();
    j->state = examined ? JOB_DONE : JOB_NEVER;
    pthread_mutex_unlock(&j->lock);
    mem_free(report);
    return NULL;
}

enum err_code doctor_job_start(struct doctor_job *j, struct err *e)
{
    enum err_code rc = ERR_OK;

    pthread_mutex_lock(&j->lock);
    if (j->state != JOB_RUNNING) {
        if (j->joinable)
            pthread_join(j->thread, NULL); /* it has left its last lock behind */
        j->shown.count = 0;
        j->shown.level = DOCTOR_OK;
        j->shown.began_ms = j->shown.ended_ms = clock_wall_ms();
        j->joinable = pthread_create(&j->thread, NULL, run, j) == 0;
        j->state = j->joinable ? JOB_RUNNING : JOB_NEVER;
        if (!j->joinable)
            rc = err_set(e, ERR_BUSY, "busy", "the checks cannot start now; try again in a minute");
    }
    pthread_mutex_unlock(&j->lock);
    return rc;
}

json_t *doctor_job_json(struct doctor_job *j)
{
    static const char *const NAMES[] = { [JOB_NEVER] = "never", [JOB_RUNNING] = "running", [JOB_DONE] = "done" };
    json_t *report;

    pthread_mutex_lock(&j->lock);
    report = doctor_json(&j->shown);
    json_object_set_new(report, "state", json_string(NAMES[j->state]));
    pthread_mutex_unlock(&j->lock);
    return report;
}

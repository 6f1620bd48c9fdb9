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
    struct doctor_job *job = mem_new(sizeof *job);

    job->config = config;
    job->db = db;
    job->clock_offset_ms = clock_offset_ms;
    pthread_mutex_init(&job->lock, NULL);
    return job;
}

void doctor_job_free(struct doctor_job *job)
{
    if (!job)
        return;
    atomic_store(&job->stop, true);
    if (job->joinable)
        pthread_join(job->thread, NULL);
    pthread_mutex_destroy(&job->lock);
    mem_free(job);
}

static void show(void *arg, const struct doctor_finding *finding)
{
    struct doctor_job *job = arg;

    pthread_mutex_lock(&job->lock);
    job->shown.items[job->shown.count++] = *finding;
    if (finding->words->level > job->shown.level)
        job->shown.level = finding->words->level;
    pthread_mutex_unlock(&job->lock);
}

/* False: the command line's round runs just now. */
static bool examine(struct doctor_job *job, struct doctor_report *report)
{
    struct err why = { 0 };
    struct doctor_subject subject = {
        .config = job->config, .store_error = &why, .serving = true, .clock_offset_ms = job->clock_offset_ms
    };
    enum err_code rc;

    (void)!store_open(job->db, &subject.store, &why);

    rc = doctor_examine(&subject, &job->stop, show, job, report, NULL);
    store_close(subject.store);
    return rc == ERR_OK;
}

static void *run(void *arg)
{
    struct doctor_job *job = arg;
    struct doctor_report *report = mem_new(sizeof *report);
    bool examined = examine(job, report);

    pthread_mutex_lock(&job->lock);
    job->shown.ended_ms = clock_wall_ms();
    job->state = examined ? JOB_DONE : JOB_NEVER;
    pthread_mutex_unlock(&job->lock);
    mem_free(report);
    return NULL;
}

enum err_code doctor_job_start(struct doctor_job *job, struct err *e)
{
    enum err_code rc = ERR_OK;

    pthread_mutex_lock(&job->lock);
    if (job->state != JOB_RUNNING) {
        if (job->joinable)
            pthread_join(job->thread, NULL); /* it has left its last lock behind */
        job->shown.count = 0;
        job->shown.level = DOCTOR_OK;
        job->shown.began_ms = job->shown.ended_ms = clock_wall_ms();
        job->joinable = pthread_create(&job->thread, NULL, run, job) == 0;
        job->state = job->joinable ? JOB_RUNNING : JOB_NEVER;
        if (!job->joinable)
            rc = err_set(e, ERR_BUSY, "busy", "the checks cannot start now; try again in a minute");
    }
    pthread_mutex_unlock(&job->lock);
    return rc;
}

json_t *doctor_job_json(struct doctor_job *job)
{
    static const char *const NAMES[] = { [JOB_NEVER] = "never", [JOB_RUNNING] = "running", [JOB_DONE] = "done" };
    json_t *report;

    pthread_mutex_lock(&job->lock);
    report = doctor_json(&job->shown);
    json_object_set_new(report, "state", json_string(NAMES[job->state]));
    pthread_mutex_unlock(&job->lock);
    return report;
}

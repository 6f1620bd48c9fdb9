/* api_doctor.c - the checks of the installation, for administrators. A round takes seconds: it is started, and looked at while it runs. */
#include "api/api_call.h"
#include "api/api_fields.h"
#include "doctor/doctor_job.h"

static enum err_code api_doctor_show(struct call *c, struct err *e)
{
    (void)e;
    http_reply_json(c->reply, 200, doctor_job_json(api_of(c)->doctor));
    return ERR_OK;
}

static enum err_code api_doctor_start(struct call *c, struct err *e)
{
    enum err_code rc = doctor_job_start(api_of(c)->doctor, e);

    if (rc == ERR_OK)
        http_reply_json(c->reply, 202, doctor_job_json(api_of(c)->doctor));
    return rc;
}

/* ---- the table ---- */

/* clang-format off */
const struct route ROUTES_DOCTOR[] = {
    { "GET", V1 "/doctor", ACCESS_ADMIN, .reads_only = true, .run = api_doctor_show,
      .help = "Show the last round of checks, or the one that runs", .answer = "{state: never|running|done, status: ok|warn|fail, began_at, ended_at, checks: [{check, status, code, text, remedy, blanks}]}" },
    { "POST", V1 "/doctor", ACCESS_ADMIN, .body = NOTHING, .run = api_doctor_start,
      .help = "Start a round of checks, unless one runs", .answer = "as GET" },
    { 0 },
};
/* clang-format on */

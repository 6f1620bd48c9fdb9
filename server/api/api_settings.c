/* api_settings.c - the practice: public facts, openapi.json included, and the settings that an administrator changes. */
#include <string.h>

#include "api/api_call.h"
#include "api/api_fields.h"
#include "api/api_json.h"
#include "api/practice.h"
#include "store/store_users.h"

static enum err_code api_public(struct call *c, struct err *e)
{
    struct practice practice;
    int64_t users = 0, admins;
    enum err_code rc = practice_load(c->store, &practice, e);

    if (rc == ERR_OK)
        rc = store_user_count(c->store, &users, &admins, e);
    if (rc == ERR_OK)
        http_reply_json(c->reply, 200,
                        json_pack("{s:s, s:n, s:o, s:o, s:b}", "practice", practice.name, "logo", "phone",
                                  api_json_text_or_null(practice.phone), "languages",
                                  practice_languages_json(&practice), "set_up", users > 0));
    return rc;
}

static void reply(struct call *c, const struct practice *practice)
{
    http_reply_json(c->reply, 200,
                    json_pack("{s:s, s:o, s:o, s:{s:I}, s:s, s:o}", "practice", practice->name, "phone",
                              api_json_text_or_null(practice->phone), "languages", practice_languages_json(practice),
                              "retention", "meetings_days", (json_int_t)practice->meetings_days, "require_mfa", "off",
                              "etag", api_json_etag(practice->revision)));
    http_reply_etag(c->reply, practice->revision);
}

static enum err_code api_settings_show(struct call *c, struct err *e)
{
    struct practice practice;
    enum err_code rc = practice_load(c->store, &practice, e);

    if (rc == ERR_OK)
        reply(c, &practice);
    return rc;
}

static enum err_code change(struct call *c, void *arg, struct err *e)
{
    struct practice *practice = arg;
    enum err_code rc = practice_load(c->store, practice, e);

    if (rc == ERR_OK)
        rc = call_check_etag(c, practice->revision, e);
    if (rc == ERR_OK)
        rc = practice_apply(practice, api_body(c), e);
    if (rc == ERR_OK)
        rc = practice_save(c->store, practice, e);
    if (rc == ERR_OK)
        rc = api_audit(c, AUDIT_SETTINGS, "", practice->name, "", e);
    return rc;
}

static enum err_code api_settings_change(struct call *c, struct err *e)
{
    struct practice practice;
    enum err_code rc = api_write(c, change, &practice, e);

    if (rc != ERR_OK)
        return rc;
    practice_fill(api_of(c)->fill, &practice);
    reply(c, &practice);
    return ERR_OK;
}

static enum err_code api_openapi(struct call *c, struct err *e)
{
    const char *text = api_of(c)->openapi;

    (void)e;
    http_reply_text(c->reply, 200, "application/json", text, strlen(text));
    return ERR_OK;
}

/* ---- the table ---- */

/* clang-format off */
static const struct field SETTINGS[] = {
    { "practice", FIELD_TEXT, .min = 1, .max = TEXT_NAME, .help = "name of the practice" },
    { "phone", FIELD_TEXT, .nullable = true, .max = 190, .help = "telephone number that guests call for help" },
    { "languages", FIELD_LIST, .max = 8, .help = "\"en\", \"ar\"; the first is the default" },
    { "retention", FIELD_OBJECT, .help = "{\"meetings_days\": 1 to 3650, 90 by default}: how long seats and invitations are kept after their end" },
    { "require_mfa", FIELD_CHOICE, .later = true, .choices = "off", .help = "second factors come later" },
    END,
};

const struct route ROUTES_SETTINGS[] = {
    { "GET", V1 "/public", ACCESS_ANYONE, .reads_only = true, .works_before_setup = true, .run = api_public,
      .help = "Show the public facts about the practice", .answer = "{practice, logo, phone, languages, set_up}" },
    { "GET", V1 "/settings", ACCESS_ADMIN, .reads_only = true, .run = api_settings_show,
      .help = "Show the settings of the practice", .answer = "the settings, with etag" },
    { "PATCH", V1 "/settings", ACCESS_ADMIN, .body = SETTINGS, .run = api_settings_change,
      .help = "Change the settings of the practice", .answer = "the settings, with etag" },
    { "GET", V1 "/openapi.json", ACCESS_ANYONE, .reads_only = true, .works_before_setup = true, .run = api_openapi,
      .help = "Describe this API", .answer = "an OpenAPI 3.1 document" },
    { 0 },
};
/* clang-format on */

#include "api/practice.h"

#include <stdio.h>
#include <string.h>

#include "domain/user.h"
#include "domain/visible.h"
#include "store/store_retention.h"
#include "store/store_users.h"
#include "util/json_fields.h"
#include "util/str.h"

#define NAME_CHARACTERS_MAX 80

/* The client's languages; the practice chooses from these. */
static const char *const LANGUAGES[] = { "en", "ar" };
#define LANGUAGE_COUNT ((int)(sizeof LANGUAGES / sizeof LANGUAGES[0]))

static bool language_known(const char *language)
{
    for (int i = 0; i < LANGUAGE_COUNT; i++)
        if (strcmp(LANGUAGES[i], language) == 0)
            return true;
    return false;
}

/* False when it is already there, unknown, or one too many. */
static bool add_language(struct practice *practice, const char *language)
{
    for (int i = 0; i < practice->language_count; i++)
        if (strcmp(practice->languages[i], language) == 0)
            return false;
    if (!language_known(language) || practice->language_count == PRACTICE_LANGUAGES_MAX)
        return false;
    return str_copy(practice->languages[practice->language_count++], sizeof practice->languages[0], language);
}

static void read_languages(struct practice *practice, const char *stored)
{
    char one[12];

    while (*stored) {
        size_t len = strcspn(stored, ",");

        if (str_copy_n(one, sizeof one, stored, len))
            (void)add_language(practice, one); /* a language that a newer version stored is left out */
        stored += len + (stored[len] == ',');
    }
    for (int i = 0; practice->language_count == 0 && i < LANGUAGE_COUNT; i++)
        str_copy(practice->languages[i], sizeof practice->languages[0], LANGUAGES[i]);
    if (practice->language_count == 0)
        practice->language_count = LANGUAGE_COUNT;
}

enum err_code practice_load(struct store *s, struct practice *out, struct err *e)
{
    char languages[128] = "", revision[24] = "";
    enum err_code rc;

    memset(out, 0, sizeof *out);
    rc = store_setting_get(s, "practice", out->name, sizeof out->name, e);
    if (rc == ERR_OK)
        rc = store_setting_get(s, "phone", out->phone, sizeof out->phone, e);
    if (rc == ERR_OK)
        rc = store_setting_get(s, "languages", languages, sizeof languages, e);
    if (rc == ERR_OK)
        rc = store_setting_get(s, "revision", revision, sizeof revision, e);
    if (rc == ERR_OK)
        rc = store_retention_days(s, &out->meetings_days, e);
    if (rc != ERR_OK)
        return rc;
    read_languages(out, languages);
    if (!str_to_i64(revision, 0, INT64_MAX - 1, &out->revision))
        out->revision = 0; /* never changed */
    return ERR_OK;
}

static void list_languages(const struct practice *practice, char to[PRACTICE_LIST_SIZE])
{
    to[0] = '\0';
    for (int i = 0; i < practice->language_count; i++) {
        size_t len = strlen(to);

        snprintf(to + len, PRACTICE_LIST_SIZE - len, "%s%s", i ? "," : "", practice->languages[i]);
    }
}

void practice_fill(struct http_fill *f, const struct practice *practice)
{
    char languages[PRACTICE_LIST_SIZE];

    list_languages(practice, languages);
    http_fill_set(f, practice->revision, &(struct http_words){ practice->name, practice->phone, languages });
}

enum err_code practice_save(struct store *s, struct practice *practice, struct err *e)
{
    char languages[PRACTICE_LIST_SIZE], revision[24];
    enum err_code rc;

    list_languages(practice, languages);
    snprintf(revision, sizeof revision, "%lld", (long long)++practice->revision);
    rc = store_setting_set(s, "practice", practice->name, e);
    if (rc == ERR_OK)
        rc = store_setting_set(s, "phone", practice->phone, e);
    if (rc == ERR_OK)
        rc = store_setting_set(s, "languages", languages, e);
    if (rc == ERR_OK)
        rc = store_setting_set(s, "revision", revision, e);
    if (rc == ERR_OK)
        rc = store_retention_set_days(s, practice->meetings_days, e);
    return rc;
}

/* Numbers copied from an address book contain direction marks and non-breaking hyphens. */
static enum err_code apply_phone(struct practice *practice, const char *given, struct err *e)
{
    char phone[sizeof practice->phone * 3], *hyphen;

    if (!visible_text(given, phone, sizeof phone))
        strcpy(phone, "x");                            /* far too long: refused below */
    while ((hyphen = strstr(phone, "\xe2\x80\x91"))) { /* U+2011 */
        *hyphen = '-';
        memmove(hyphen + 1, hyphen + 3, strlen(hyphen + 3) + 1);
    }
    /* It becomes a tel: link, so it may only hold characters that people write in telephone numbers. */
    if (phone[strspn(phone, "+0123456789 ()-./")] != '\0' || !str_copy(practice->phone, sizeof practice->phone, phone))
        return err_field(e, "phone", "a telephone number holds digits, blanks and + ( ) - . /");
    return ERR_OK;
}

static enum err_code apply_languages(struct practice *practice, const json_t *list, struct err *e)
{
    size_t i;
    json_t *one;

    practice->language_count = 0;
    json_array_foreach(
        (json_t *)list, i,
        one) if (!json_is_string(one) ||
                 !add_language(
                     practice,
                     json_string_value(one))) return err_field(e, "languages",
                                                               "languages are \"en\" and \"ar\", each at most once");
    if (practice->language_count == 0)
        return err_field(e, "languages", "at least one language is needed");
    return ERR_OK;
}

static enum err_code apply_retention(struct practice *practice, const json_t *retention, struct err *e)
{
    static const struct field KINDS[] = {
        { "meetings_days", FIELD_INT, .min = RETENTION_DAYS_MIN, .max = RETENTION_DAYS_MAX },
        { 0 },
    };
    enum err_code rc = json_fields_check(retention, KINDS, true, e);

    if (rc == ERR_OK)
        practice->meetings_days = json_int(retention, "meetings_days", practice->meetings_days);
    return rc;
}

enum err_code practice_apply(struct practice *practice, const json_t *body, struct err *e)
{
    enum err_code rc = ERR_OK;

    if (json_has(body, "practice"))
        rc = user_clean_label("practice", json_text(body, "practice", ""), NAME_CHARACTERS_MAX, practice->name, e);
    if (rc == ERR_OK && json_given(body, "phone"))
        rc = apply_phone(practice, json_text(body, "phone", ""), e);
    if (rc == ERR_OK && json_has(body, "languages"))
        rc = apply_languages(practice, json_object_get(body, "languages"), e);
    if (rc == ERR_OK && json_has(body, "retention"))
        rc = apply_retention(practice, json_object_get(body, "retention"), e);
    return rc;
}

json_t *practice_languages_json(const struct practice *practice)
{
    json_t *list = json_array();

    for (int i = 0; i < practice->language_count; i++)
        json_array_append_new(list, json_string(practice->languages[i]));
    return list;
}

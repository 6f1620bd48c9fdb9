#include "util/json_fields.h"

#include <string.h>

#include "util/clock.h"
#include "util/str.h"

#define TEXT_MAX_DEFAULT 200

/* Is `text` one of "a|b|c"? */
static bool is_choice(const char *choices, const char *text)
{
    size_t len = strlen(text);

    if (strchr(text, '|')) /* "a|b" is not a choice, although the list contains it */
        return false;
    for (const char *p = choices; p && *p; p = strchr(p, '|') ? strchr(p, '|') + 1 : NULL)
        if (strncmp(p, text, len) == 0 && (p[len] == '|' || p[len] == '\0') && len > 0)
            return true;
    return false;
}

static bool has_control(const char *text, size_t len, bool lines_allowed)
{
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];

        if ((c < 0x20 && !(lines_allowed && (c == '\n' || c == '\t' || c == '\r'))) || c == 0x7f)
            return true;
    }
    return false;
}

static enum err_code check_text(const json_t *value, const struct field *field, struct err *e)
{
    int64_t max = field->max ? field->max : TEXT_MAX_DEFAULT;
    size_t len;

    if (!json_is_string(value))
        return err_field(e, field->name, "%s must be text", field->name);
    len = json_string_length(value);
    if ((int64_t)len < field->min)
        return err_field(e, field->name, field->min == 1 ? "%s must not be empty" : "%s is too short", field->name);
    if ((int64_t)len > max)
        return err_field(e, field->name, "%s is longer than %d bytes", field->name, (int)max);
    if (has_control(json_string_value(value), len, field->type == FIELD_LINES))
        return err_field(e, field->name, "%s holds control characters", field->name);
    return ERR_OK;
}

static enum err_code check_int(const json_t *value, const struct field *field, struct err *e)
{
    int64_t n;

    if (!json_is_integer(value))
        return err_field(e, field->name, "%s must be a whole number", field->name);
    n = json_integer_value(value);
    if (n < field->min || (field->max && n > field->max))
        return err_field(e, field->name, "%s must be from %lld to %lld", field->name, (long long)field->min,
                         (long long)field->max);
    return ERR_OK;
}

static enum err_code check_later(const json_t *value, const struct field *field, struct err *e)
{
    bool harmless = json_is_null(value) || json_is_false(value) ||
                    (json_is_array(value) && json_array_size(value) == 0) ||
                    (json_is_string(value) && is_choice(field->choices, json_string_value(value)));

    if (harmless)
        return ERR_OK;
    err_set(e, ERR_INVALID, "not_available", "%s cannot do that in this version", field->name);
    if (e)
        str_copy(e->field, sizeof e->field, field->name);
    return ERR_INVALID;
}

static enum err_code check_value(const json_t *value, const struct field *field, struct err *e)
{
    int64_t ms;

    if (field->later)
        return check_later(value, field, e);
    if (json_is_null(value) && field->nullable)
        return ERR_OK;
    switch (field->type) {
    case FIELD_TEXT:
    case FIELD_LINES: return check_text(value, field, e);
    case FIELD_BOOL:
        return json_is_boolean(value) ? ERR_OK : err_field(e, field->name, "%s must be true or false", field->name);
    case FIELD_INT: return check_int(value, field, e);
    case FIELD_TIME:
        if (json_is_string(value) && clock_from_rfc3339(json_string_value(value), &ms))
            return ERR_OK;
        return err_field(e, field->name, "%s must be a time like 2026-11-22T15:04:05Z", field->name);
    case FIELD_CHOICE:
        if (json_is_string(value) && is_choice(field->choices, json_string_value(value)))
            return ERR_OK;
        return err_field(e, field->name, "%s must be one of %s", field->name, field->choices);
    case FIELD_OBJECT:
        return json_is_object(value) ? ERR_OK : err_field(e, field->name, "%s must be an object", field->name);
    case FIELD_LIST:
        if (json_is_array(value) && (!field->max || (int64_t)json_array_size(value) <= field->max))
            return ERR_OK;
        return err_field(e, field->name, "%s must be a list of at most %d", field->name, (int)field->max);
    }
    return ERR_INTERNAL;
}

static enum err_code check_known(const json_t *object, const struct field *fields, struct err *e)
{
    const char *key;
    json_t *value;

    json_object_foreach((json_t *)object, key, value)
    {
        const struct field *field = fields;

        while (field->name && strcmp(field->name, key) != 0)
            field++;
        if (field->name)
            continue;
        err_set(e, ERR_INVALID, "unknown_field", "there is no field of that name here");
        if (e)
            str_copy(e->field, sizeof e->field, key);
        return ERR_INVALID;
    }
    return ERR_OK;
}

enum err_code json_fields_check(const json_t *object, const struct field *fields, bool strict, struct err *e)
{
    if (!json_is_object(object))
        return err_set(e, ERR_INVALID, "invalid_json", "an object is expected");
    for (const struct field *field = fields; field->name; field++) {
        const json_t *value = json_object_get(object, field->name);
        enum err_code rc = ERR_OK;

        if (value)
            rc = check_value(value, field, e);
        else if (field->required)
            rc = err_field(e, field->name, "%s is missing", field->name);
        if (rc != ERR_OK)
            return rc;
    }
    return strict ? check_known(object, fields, e) : ERR_OK;
}

const char *json_text(const json_t *object, const char *name, const char *fallback)
{
    const json_t *value = json_object_get(object, name);

    return json_is_string(value) ? json_string_value(value) : fallback;
}

bool json_bool(const json_t *object, const char *name, bool fallback)
{
    const json_t *value = json_object_get(object, name);

    return json_is_boolean(value) ? json_is_true(value) : fallback;
}

int64_t json_int(const json_t *object, const char *name, int64_t fallback)
{
    const json_t *value = json_object_get(object, name);

    return json_is_integer(value) ? json_integer_value(value) : fallback;
}

int64_t json_time_ms(const json_t *object, const char *name, int64_t fallback)
{
    const json_t *value = json_object_get(object, name);
    int64_t ms;

    return json_is_string(value) && clock_from_rfc3339(json_string_value(value), &ms) ? ms : fallback;
}

bool json_has(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);

    return value && !json_is_null(value);
}

bool json_given(const json_t *object, const char *name)
{
    return json_object_get(object, name) != NULL;
}

/* Nesting outside strings; jansson itself would recurse to 2048. */
static int depth_of(const char *bytes, size_t len)
{
    int depth = 0, deepest = 0;
    bool in_string = false;

    for (size_t i = 0; i < len; i++) {
        char c = bytes[i];

        if (in_string) {
            if (c == '\\')
                i++;
            else if (c == '"')
                in_string = false;
        } else if (c == '"') {
            in_string = true;
        } else if (c == '{' || c == '[') {
            if (++depth > deepest)
                deepest = depth;
        } else if (c == '}' || c == ']') {
            depth--;
        }
    }
    return deepest;
}

enum err_code json_parse_object(const char *bytes, size_t len, int max_depth, json_t **out, struct err *e)
{
    json_error_t error;

    if (depth_of(bytes, len) > max_depth)
        return err_set(e, ERR_INVALID, "invalid_json", "nested deeper than %d", max_depth);
    *out = json_loadb(bytes, len, JSON_REJECT_DUPLICATES, &error);
    if (!*out)
        return err_set(e, ERR_INVALID, "invalid_json", "not JSON: near byte %d", error.position);
    if (!json_is_object(*out)) {
        json_decref(*out);
        *out = NULL;
        return err_set(e, ERR_INVALID, "invalid_json", "an object is expected");
    }
    return ERR_OK;
}

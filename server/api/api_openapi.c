#include "api/api_openapi.h"

#include <jansson.h>
#include <string.h>

#include "util/str.h"

#define PATH_MAX_BYTES 256
#define TEXT_MAX_DEFAULT 200 /* as json_fields says of a text without a limit */

static const char *const ACCESS_NAMES[ACCESSES] = {
    [ACCESS_ADMIN] = "admin", [ACCESS_HOST] = "host", [ACCESS_USER] = "user", [ACCESS_ANYONE] = "anyone"
};

/* --- a member ------------------------------------------------------------------------------------------------------- */

static json_t *choices_of(const char *choices)
{
    json_t *list = json_array();

    for (const char *p = choices; p && *p;) {
        size_t len = strcspn(p, "|");

        json_array_append_new(list, json_stringn(p, len));
        p += len + (p[len] == '|');
    }
    return list;
}

static json_t *type_of(const struct field *field)
{
    switch (field->type) {
    case FIELD_TEXT:
    case FIELD_LINES:
        return json_pack("{s:s, s:I}", "type", "string", "maxLength",
                         (json_int_t)(field->max ? field->max : TEXT_MAX_DEFAULT));
    case FIELD_BOOL: return json_pack("{s:s}", "type", "boolean");
    case FIELD_INT:
        return json_pack("{s:s, s:I, s:I}", "type", "integer", "minimum", (json_int_t)field->min, "maximum",
                         (json_int_t)field->max);
    case FIELD_TIME: return json_pack("{s:s, s:s}", "type", "string", "format", "date-time");
    case FIELD_CHOICE: return json_pack("{s:s, s:o}", "type", "string", "enum", choices_of(field->choices));
    case FIELD_OBJECT: return json_pack("{s:s}", "type", "object");
    case FIELD_LIST:
        return json_pack("{s:s, s:I, s:{s:s}}", "type", "array", "maxItems", (json_int_t)field->max, "items", "type",
                         "string");
    }
    return NULL;
}

static json_t *schema_of(const struct field *field)
{
    json_t *o = type_of(field);

    if (field->min > 0 && (field->type == FIELD_TEXT || field->type == FIELD_LINES))
        json_object_set_new(o, "minLength", json_integer(field->min));
    if (field->help)
        json_object_set_new(o, "description", json_string(field->help));
    if (field->later)
        json_object_set_new(o, "x-later", json_true());
    if (field->nullable)
        o = json_pack("{s:[o, {s:s}]}", "anyOf", o, "type", "null");
    return o;
}

static json_t *body_of(const struct field *fields)
{
    json_t *properties = json_object(), *required = json_array(), *schema;
    bool needed = false;

    for (const struct field *field = fields; field->name; field++) {
        json_object_set_new(properties, field->name, schema_of(field));
        if (field->required)
            json_array_append_new(required, json_string(field->name));
        needed = needed || field->required;
    }
    schema = json_pack("{s:s, s:o, s:b}", "type", "object", "properties", properties, "additionalProperties", false);
    if (needed)
        json_object_set(schema, "required", required);
    json_decref(required);
    return json_pack("{s:b, s:{s:{s:o}}}", "required", needed, "content", "application/json", "schema", schema);
}

/* --- a route -------------------------------------------------------------------------------------------------------- */

/* "/api/v1/rooms/:room" → "/rooms/{room}", relative to the server's address; the names go into `parameters`. */
static void path_of(const struct route *route, char to[PATH_MAX_BYTES], json_t *parameters)
{
    const char *from = route->path + strlen("/api/v1");
    size_t n = 0;

    while (*from && n + 2 < PATH_MAX_BYTES) {
        size_t len;

        if (*from != ':') {
            to[n++] = *from++;
            continue;
        }
        len = strcspn(++from, "/");
        n += (size_t)snprintf(to + n, PATH_MAX_BYTES - n, "{%.*s}", (int)len, from);
        json_array_append_new(parameters, json_pack("{s:o, s:s, s:b, s:{s:s}}", "name", json_stringn(from, len), "in",
                                                    "path", "required", true, "schema", "type", "string"));
        from += len;
    }
    to[n] = '\0';
}

static json_t *header_of(const char *name, const char *words)
{
    return json_pack("{s:s, s:s, s:b, s:s, s:{s:s}}", "name", name, "in", "header", "required", false, "description",
                     words, "schema", "type", "string");
}

static bool is_list(const struct route *route)
{
    return str_starts(route->answer, "{items");
}

static void add_parameters(const struct route *route, json_t *list)
{
    if (!route->reads_only)
        json_array_append_new(list, json_pack("{s:s, s:s, s:b, s:{s:s}}", "name", "X-Parlour", "in", "header",
                                              "required", true, "schema", "const", "1"));
    if (is_list(route)) {
        json_array_append_new(list, json_pack("{s:s, s:s, s:{s:s, s:i, s:i}}", "name", "limit", "in", "query", "schema",
                                              "type", "integer", "minimum", 1, "maximum", 200));
        json_array_append_new(
            list, json_pack("{s:s, s:s, s:{s:s}}", "name", "after", "in", "query", "schema", "type", "string"));
    }
    if (strcmp(route->method, "PATCH") == 0 || strcmp(route->method, "DELETE") == 0)
        json_array_append_new(list, header_of("If-Match", "the etag that was read; 412 when it has changed"));
    if (route->idempotent)
        json_array_append_new(list, header_of("Idempotency-Key",
                                              "the same key within 24 h makes one of it; with another request: 422 "
                                              "idempotency_mismatch"));
}

/* ".answer" begins with the status when it is not 200. */
static json_t *responses_of(const struct route *route)
{
    bool created = str_starts(route->answer, "201"), empty = str_starts(route->answer, "204");
    json_t *good = json_pack("{s:s}", "description", route->answer);

    if (!empty)
        json_object_set_new(good, "content",
                            json_pack("{s:{s:{s:s}}}", "application/json", "schema", "type", "object"));
    return json_pack("{s:o, s:{s:s}}",
                     created ? "201"
                     : empty ? "204"
                             : "200",
                     good, "default", "$ref", "#/components/responses/problem");
}

static json_t *operation_of(const struct route *route, json_t *parameters)
{
    json_t *o = json_pack("{s:s, s:s, s:o, s:o}", "summary", route->help, "x-access", ACCESS_NAMES[route->access],
                          "parameters", parameters, "responses", responses_of(route));

    if (route->body && route->body->name)
        json_object_set_new(o, "requestBody", body_of(route->body));
    if (route->access != ACCESS_ANYONE)
        json_object_set_new(o, "security", json_pack("[{s:[]}]", "session"));
    return o;
}

static void add_route(json_t *paths, const struct route *route)
{
    json_t *parameters = json_array(), *item;
    char path[PATH_MAX_BYTES], method[8];
    size_t n = 0;

    path_of(route, path, parameters);
    add_parameters(route, parameters);
    for (; route->method[n] && n + 1 < sizeof method; n++)
        method[n] = (char)(route->method[n] + 32);
    method[n] = '\0';
    item = json_object_get(paths, path);
    if (!item) {
        item = json_object();
        json_object_set_new(paths, path, item);
    }
    json_object_set_new(item, method, operation_of(route, parameters));
}

/* --- the document --------------------------------------------------------------------------------------------------- */

static json_t *problem_of(void)
{
    json_t *text = json_pack("{s:s}", "type", "string");
    json_t *properties = json_pack("{s:O, s:O, s:{s:s}, s:O, s:O, s:O, s:O}", "type", text, "title", text, "status",
                                   "type", "integer", "code", text, "detail", text, "field", text, "request_id", text);

    json_decref(text);
    return json_pack("{s:s, s:{s:{s:{s:s, s:o}}}}", "description",
                     "RFC 9457; `code` is stable, `field` names the wrong member", "content",
                     "application/problem+json", "schema", "type", "object", "properties", properties);
}

char *api_openapi_make(const struct route *routes, const char *public_url)
{
    json_t *paths = json_object(), *document;
    char *text;

    for (const struct route *route = routes; route->method; route++)
        add_route(paths, route);
    document = json_pack("{s:s, s:{s:s, s:s, s:s}, s:[{s:o}], s:o, s:{s:{s:o}, s:{s:{s:s, s:s, s:s, s:s}}}}", "openapi",
                         "3.1.0", "info", "title", "Parlour", "version", PARLOUR_VERSION, "description",
                         "Times are RFC 3339 in UTC, ids are opaque. On https the cookie is named __Host-sid.",
                         "servers", "url", json_sprintf("%s/api/v1", public_url), "paths", paths, "components",
                         "responses", "problem", problem_of(), "securitySchemes", "session", "type", "apiKey", "in",
                         "cookie", "name", "sid", "description", "set by POST /session");
    text = json_dumps(document, JSON_INDENT(1));
    json_decref(document);
    return text;
}

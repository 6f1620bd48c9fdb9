/* The printed document matches the route table: every route and every member of a body, and nothing more. */
#include "api/api_openapi.h"

#include <jansson.h>
#include <stdlib.h>

#include "api/api_routes.h"
#include "tests/support/check.h"
#include "util/json_fields.h"
#include "util/str.h"

static json_t *document;

static void open_document(void)
{
    char *text = api_openapi_make(api_routes(), "https://visits.example.org");

    document = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    free(text);
}

/* "/api/v1/rooms/:room" → the operation of this route in the document. */
static json_t *operation_of(const struct route *r)
{
    char path[200] = "", method[8] = "";
    const char *p = r->path + strlen("/api/v1");

    for (size_t n = 0; *p; n = strlen(path)) {
        size_t len = strcspn(p + 1, "/") + 1;

        if (p[1] == ':')
            snprintf(path + n, sizeof path - n, "/{%.*s}", (int)len - 2, p + 2);
        else
            snprintf(path + n, sizeof path - n, "%.*s", (int)len, p);
        p += len;
    }
    for (size_t i = 0; r->method[i] && i < sizeof method - 1; i++)
        method[i] = (char)(r->method[i] | 32);
    return json_object_get(json_object_get(json_object_get(document, "paths"), path), method);
}

static void every_route_is_there_with_words_access_and_answer(void)
{
    for (const struct route *r = api_routes(); r->method; r++) {
        json_t *o = operation_of(r);

        if (!CHECK(o != NULL)) {
            printf("%s %s\n", r->method, r->path);
            continue;
        }
        CHECK(r->run && r->help && r->help[0] && r->answer && r->answer[0]);
        CHECK_STR(json_text(o, "summary", ""), r->help);
        CHECK(json_text(o, "x-access", "")[0] != '\0');
        CHECK_INT(json_object_size(json_object_get(o, "responses")), 2);
        CHECK_INT(json_is_array(json_object_get(o, "security")), r->access != ACCESS_ANYONE);
    }
}

static void every_member_of_a_body_is_there(void)
{
    for (const struct route *r = api_routes(); r->method; r++) {
        json_t *content = json_object_get(json_object_get(operation_of(r), "requestBody"), "content");
        json_t *schema = json_object_get(json_object_get(content, "application/json"), "schema");
        json_t *members = json_object_get(schema, "properties");
        size_t count = 0;

        for (const struct field *f = r->body; f && f->name; f++, count++)
            if (!CHECK(json_object_get(members, f->name) != NULL))
                printf("%s %s %s\n", r->method, r->path, f->name);
        CHECK_INT(json_object_size(members), count);
    }
}

static void reading_routes_have_no_body_and_changing_ones_name_the_header(void)
{
    for (const struct route *r = api_routes(); r->method; r++) {
        json_t *list = json_object_get(operation_of(r), "parameters"), *one;
        bool named = false;
        size_t i;

        json_array_foreach(list, i, one) named = named || strcmp(json_text(one, "name", ""), "X-Parlour") == 0;
        CHECK_INT(named, strcmp(r->method, "GET") != 0);
        CHECK_INT(r->reads_only, strcmp(r->method, "GET") == 0);
        if (r->reads_only)
            CHECK(r->body == NULL);
    }
}

static void no_two_routes_are_the_same(void)
{
    size_t operations = 0, routes = 0;
    const char *name;
    json_t *item;

    json_object_foreach(json_object_get(document, "paths"), name, item) operations += json_object_size(item);
    for (const struct route *r = api_routes(); r->method; r++)
        routes++;
    CHECK_INT(operations, routes);
    CHECK(routes >= 30);
}

static const struct check_test TESTS[] = {
    TEST(every_route_is_there_with_words_access_and_answer),
    TEST(every_member_of_a_body_is_there),
    TEST(reading_routes_have_no_body_and_changing_ones_name_the_header),
    TEST(no_two_routes_are_the_same),
    { 0 },
};

int main(int argc, char **argv)
{
    int status;

    open_document();
    status = check_run(TESTS, argc, argv);
    json_decref(document);
    return status;
}

#include "live/incoming.h"

#include <string.h>

#include "domain/room.h"
#include "tests/support/check.h"
#include "util/json_fields.h"

static bool of_some_seat(enum permission may)
{
    return permission_seat_allows(false, false, may) || permission_seat_allows(false, true, may) ||
           permission_seat_allows(true, true, may);
}

static bool of_some_account(enum permission may)
{
    return permission_allows(USER_ADMIN, PART_OWNER, may) || permission_allows(USER_DESK, PART_NONE, may);
}

static bool is_available(const struct incoming *row)
{
    return row->handle || row->pass;
}

static const struct incoming *row_of(enum side side, enum permission may)
{
    const char *name = permission_name(may);
    const struct incoming *row = name ? incoming_find(side, name) : NULL;

    return row && is_available(row) ? row : NULL;
}

static void no_two_rows_of_a_sender_have_one_type(void)
{
    for (const struct incoming *row = INCOMING; row->type; row++)
        CHECK(incoming_find(row->side, row->type) == row);
    CHECK(incoming_find(SEAT, "join") == NULL && incoming_find(DASHBOARD, "leave") == NULL);
}

static void each_row_has_a_permission_of_its_name_that_somebody_can_have_there(void)
{
    for (const struct incoming *row = INCOMING; row->type; row++) {
        if (row->side == NEWCOMER || !is_available(row))
            continue;
        CHECK_STR(permission_name(row->may), row->type);
        CHECK(row->side == SEAT ? of_some_seat(row->may) : of_some_account(row->may));
    }
}

static void each_permission_of_a_seat_and_each_decision_at_a_dashboard_has_its_row(void)
{
    for (int p = 0; p < PERMISSIONS; p++) {
        enum permission may = (enum permission)p;

        CHECK_INT(row_of(SEAT, may) != NULL, of_some_seat(may));
        if (room_verb_of(may) != ROOM_VERBS)
            CHECK_INT(row_of(DASHBOARD, may) != NULL, of_some_account(may));
    }
}

static void each_message_of_a_dashboard_names_its_room(void)
{
    for (const struct incoming *row = INCOMING; row->type; row++)
        if (row->side == DASHBOARD && is_available(row)) {
            CHECK_STR(row->fields[0].name, "room");
            CHECK(row->fields[0].required);
        }
}

static void each_row_is_read_in_one_way(void)
{
    for (const struct incoming *row = INCOMING; row->type; row++) {
        CHECK(!(row->handle && row->pass));
        if (row->handle && row->side != NEWCOMER)
            CHECK(row->fields != NULL);
    }
}

static bool takes(const struct incoming *row, const char *field)
{
    for (const struct field *f = row->fields; f && f->name; f++)
        if (strcmp(f->name, field) == 0)
            return true;
    return false;
}

/* On hold, or back in the waiting room, nobody is blocked: a field that is read and has no effect would look as if it had one. */
static void only_those_who_are_sent_away_can_be_blocked(void)
{
    for (const struct incoming *row = INCOMING; row->type; row++)
        CHECK_INT(takes(row, "block"), strcmp(row->type, "deny") == 0 || strcmp(row->type, "remove") == 0);
}

static const struct check_test TESTS[] = {
    TEST(no_two_rows_of_a_sender_have_one_type),
    TEST(each_row_has_a_permission_of_its_name_that_somebody_can_have_there),
    TEST(each_permission_of_a_seat_and_each_decision_at_a_dashboard_has_its_row),
    TEST(each_message_of_a_dashboard_names_its_room),
    TEST(each_row_is_read_in_one_way),
    TEST(only_those_who_are_sent_away_can_be_blocked),
    { 0 },
};
CHECK_MAIN(TESTS)

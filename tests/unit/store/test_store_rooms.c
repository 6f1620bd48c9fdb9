#include "fixture.h"

static void a_room_keeps_all_its_rules(void)
{
    struct fixture f = fixture_new();
    struct room_rules r = make_room("r2", "u1", "hill-clinic"), got;

    fixture_fill(&f);
    r.kind = ROOM_RECEPTION;
    r.access = ROOM_LINK;
    r.topology = TOPOLOGY_P2P;
    r.max_participants = 7;
    r.waiting_room = false;
    r.relay_only = r.guests_may_stay = r.locked = true;
    r.has_pin = true;
    hash_of("1234", r.pin_hash);
    r.consent_version = 3;
    memset(r.consent_text, 'x', sizeof r.consent_text - 1);
    r.cohost_count = 2;
    snprintf(r.cohosts[0], ID_SIZE, "u2");
    snprintf(r.cohosts[1], ID_SIZE, "u1");
    CHECK_INT(WRITE(f, store_room_add(f.s, &r, &f.e)), ERR_OK);
    CHECK_STR(r.owner_name, "Dr u1");
    CHECK_INT(r.revision, 1);
    CHECK_INT(store_room_find(f.s, "r2", &got, &f.e), ERR_OK);
    CHECK_STR(got.id, "r2");
    CHECK_STR(got.owner_id, "u1");
    CHECK_STR(got.owner_name, "Dr u1");
    CHECK_STR(got.name, "Room r2");
    CHECK_INT(got.kind, ROOM_RECEPTION);
    CHECK_INT(got.access, ROOM_LINK);
    CHECK_INT(got.topology, TOPOLOGY_P2P);
    CHECK_INT(got.max_participants, 7);
    CHECK(!got.waiting_room && got.relay_only && got.guests_may_stay && got.locked && got.has_pin);
    CHECK_MEM(got.pin_hash, r.pin_hash, HASH_BYTES);
    CHECK_INT(got.consent_version, 3);
    CHECK_STR(got.consent_text, r.consent_text);
    CHECK_INT(got.cohost_count, 2);
    CHECK_STR(got.cohosts[0], "u2");
    CHECK_STR(got.cohosts[1], "u1");
    CHECK_INT(got.created_ms, NOW_MS);
    CHECK_INT(store_room_find(f.s, "hill-clinic", &got, &f.e), ERR_OK);
    CHECK_STR(got.id, "r2");
    CHECK_INT(store_room_find(f.s, "nowhere", &got, &f.e), ERR_NOT_FOUND);
    fixture_end(&f);
}

/* A switch stored in another column would also be kept, but not by itself. */
static void each_switch_is_kept_by_itself(void)
{
    static const size_t AT[] = {
#define AT_OF(name, ...) offsetof(struct room_rules, name),
        ROOM_SWITCHES(AT_OF)
    };
    enum { SWITCHES = sizeof AT / sizeof *AT };
    struct fixture f = fixture_new();
    struct room_rules r, got;

    fixture_fill(&f);
    CHECK_INT(store_room_find(f.s, "r1", &r, &f.e), ERR_OK);
    for (size_t on = 0; on < SWITCHES; on++) {
        for (size_t i = 0; i < SWITCHES; i++)
            *(bool *)((char *)&r + AT[i]) = i == on;
        CHECK_INT(WRITE(f, store_room_update(f.s, &r, &f.e)), ERR_OK);
        CHECK_INT(store_room_find(f.s, "r1", &got, &f.e), ERR_OK);
        for (size_t i = 0; i < SWITCHES; i++)
            CHECK_INT(*(bool *)((char *)&got + AT[i]), i == on);
    }
    fixture_end(&f);
}

static void an_id_comes_before_a_slug_of_the_same_text(void)
{
    struct fixture f = fixture_new();
    struct room_rules trap = make_room("r2", "u1", "r1"), got;

    fixture_fill(&f);
    CHECK_INT(WRITE(f, store_room_add(f.s, &trap, &f.e)), ERR_OK);
    CHECK_INT(store_room_find(f.s, "r1", &got, &f.e), ERR_OK);
    CHECK_STR(got.id, "r1");
    fixture_end(&f);
}

static void conflicts_name_their_field(void)
{
    struct fixture f = fixture_new();
    struct room_rules r = make_room("r2", "u1", "room-one");

    fixture_fill(&f);
    CHECK_INT(WRITE(f, store_room_add(f.s, &r, &f.e)), ERR_CONFLICT);
    CHECK_STR(f.e.code, "slug_taken");
    r = make_room("r2", "nobody", "room-two");
    CHECK_INT(WRITE(f, store_room_add(f.s, &r, &f.e)), ERR_INVALID);
    CHECK_STR(f.e.field, "owner");
    r = make_room("r2", "u1", "room-two");
    r.cohost_count = 1;
    snprintf(r.cohosts[0], ID_SIZE, "nobody");
    CHECK_INT(WRITE(f, store_room_add(f.s, &r, &f.e)), ERR_INVALID);
    CHECK_STR(f.e.field, "cohosts");
    CHECK_INT(store_room_find(f.s, "r2", &r, NULL), ERR_NOT_FOUND); /* the row before it is undone as well */
    CHECK_INT(
        WRITE(f, store_room_add(f.s, &(struct room_rules){ .id = "r3", .owner_id = "u1", .slug = "room-one" }, NULL)),
        ERR_CONFLICT);
    fixture_end(&f);
}

static void a_change_counts_the_revision(void)
{
    struct fixture f = fixture_new();
    struct room_rules r, old, other = make_room("r2", "u1", "room-two");

    fixture_fill(&f);
    CHECK_INT(WRITE(f, store_room_add(f.s, &other, &f.e)), ERR_OK);
    CHECK_INT(store_room_find(f.s, "r1", &r, &f.e), ERR_OK);
    old = r;
    snprintf(r.name, sizeof r.name, "New name");
    r.has_pin = true;
    r.cohost_count = 1;
    snprintf(r.cohosts[0], ID_SIZE, "u2");
    CHECK_INT(WRITE(f, store_room_update(f.s, &r, &f.e)), ERR_OK);
    CHECK_INT(r.revision, 2);
    CHECK_INT(WRITE(f, store_room_update(f.s, &old, &f.e)), ERR_CHANGED);
    snprintf(old.id, sizeof old.id, "nowhere");
    CHECK_INT(WRITE(f, store_room_update(f.s, &old, &f.e)), ERR_NOT_FOUND);
    snprintf(r.slug, sizeof r.slug, "room-two");
    CHECK_INT(WRITE(f, store_room_update(f.s, &r, &f.e)), ERR_CONFLICT);
    CHECK_STR(f.e.code, "slug_taken");
    CHECK_INT(r.revision, 2);
    CHECK_INT(WRITE(f, store_room_set_locked(f.s, "r1", true, &f.e)), ERR_OK);
    CHECK_INT(WRITE(f, store_room_set_locked(f.s, "nowhere", true, &f.e)), ERR_NOT_FOUND);
    CHECK_INT(store_room_find(f.s, "r1", &r, &f.e), ERR_OK);
    CHECK_STR(r.name, "New name");
    CHECK_INT(r.cohost_count, 1);
    CHECK(r.locked);
    CHECK_INT(r.revision, 3);
    fixture_end(&f);
}

static void a_room_in_use_is_not_deleted(void)
{
    struct fixture f = fixture_new();
    struct seat t = make_seat("p1", "r1", SEAT_AWAY), w = make_seat("p2", "r1", SEAT_WAITING);
    struct invitation i = make_invitation("i1", "r1", "code");
    struct room_rules r;

    fixture_fill(&f);
    CHECK_INT(WRITE(f, store_seat_put(f.s, &t, &f.e)), ERR_OK);
    CHECK_INT(WRITE(f, store_seat_put(f.s, &w, &f.e)), ERR_OK);
    CHECK_INT(WRITE(f, store_invitation_add(f.s, &i, &f.e)), ERR_OK);
    CHECK_INT(WRITE(f, store_room_delete(f.s, "r1", 1, &f.e)), ERR_CONFLICT);
    CHECK_STR(f.e.code, "room_in_use");
    t.state = SEAT_ENDED;
    CHECK_INT(WRITE(f, store_seat_put(f.s, &t, &f.e)), ERR_OK);
    CHECK_INT(WRITE(f, store_room_delete(f.s, "r1", 7, &f.e)), ERR_CHANGED);
    CHECK_INT(WRITE(f, store_room_delete(f.s, "r1", 1, &f.e)), ERR_OK);
    CHECK_INT(WRITE(f, store_room_delete(f.s, "r1", 0, &f.e)), ERR_NOT_FOUND);
    CHECK_INT(store_room_find(f.s, "r1", &r, &f.e), ERR_NOT_FOUND);
    CHECK_INT(store_seat_find(f.s, "p1", &t, &f.e), ERR_NOT_FOUND);
    CHECK_INT(store_invitation_by_id(f.s, "i1", &i, &f.e), ERR_NOT_FOUND);
    CHECK_INT(WRITE(f, store_seat_put(f.s, &w, &f.e)), ERR_NOT_FOUND); /* a late job for a room that went */
    fixture_end(&f);
}

/* Names of the rooms of all pages, joined. */
static void list_names(struct fixture *f, const char *user, int limit, char *names, size_t size)
{
    char after[ID_SIZE] = "";
    struct room_list l;
    bool more;
    size_t at = 0;

    names[0] = '\0';
    do {
        if (!CHECK_INT(store_room_list(f->s, user, after, limit, &l, &f->e), ERR_OK))
            return;
        for (size_t i = 0; i < l.count; i++)
            at += (size_t)snprintf(names + at, size - at, "%s,", l.items[i].name);
        more = l.more;
        if (l.count)
            snprintf(after, sizeof after, "%s", l.items[l.count - 1].id);
        room_list_clear(&l);
    } while (more && at + NAME_SIZE < size);
}

static void lists_go_by_name_and_show_own_and_cohosted_rooms(void)
{
    static const char *const NAMES[] = { "beta", "Alpha", "beta", "gamma", "Beta" };
    struct fixture f = fixture_new();
    struct room_list l;
    char names[2048];

    fixture_fill(&f);
    for (int i = 0; i < 5; i++) {
        char id[16], slug[32];
        struct room_rules r;

        snprintf(id, sizeof id, "x%d", i);
        snprintf(slug, sizeof slug, "slug-%d", i);
        r = make_room(id, i % 2 ? "u2" : "u1", slug);
        snprintf(r.name, sizeof r.name, "%s", NAMES[i]);
        if (i == 3) { /* gamma is u2's, with u1 as co-host */
            r.cohost_count = 1;
            snprintf(r.cohosts[0], ID_SIZE, "u1");
        }
        CHECK_INT(WRITE(f, store_room_add(f.s, &r, &f.e)), ERR_OK);
    }
    list_names(&f, "", 2, names, sizeof names);
    CHECK_STR(names, "Alpha,beta,beta,Beta,gamma,Room r1,");
    list_names(&f, "u2", 1, names, sizeof names);
    CHECK_STR(names, "Alpha,gamma,");
    list_names(&f, "u1", 200, names, sizeof names);
    CHECK_STR(names, "beta,beta,Beta,gamma,Room r1,");
    list_names(&f, "nobody", 10, names, sizeof names);
    CHECK_STR(names, "");
    CHECK_INT(store_room_list(f.s, "", "nowhere", 10, &l, &f.e), ERR_INVALID);
    CHECK_STR(f.e.field, "after");
    CHECK_INT(store_room_list(f.s, "u1", "", 10, &l, &f.e), ERR_OK);
    CHECK_INT(l.items[3].cohost_count, 1);
    CHECK_STR(l.items[3].cohosts[0], "u1");
    CHECK_STR(l.items[3].owner_name, "Dr u2");
    room_list_clear(&l);
    fixture_end(&f);
}

static void reads_inside_a_write_see_its_changes(void)
{
    struct fixture f = fixture_new();
    struct room_rules r = make_room("r2", "u1", "room-two"), got;

    fixture_fill(&f);
    CHECK_INT(store_write_begin(f.s, &f.e), ERR_OK);
    CHECK_INT(store_room_add(f.s, &r, &f.e), ERR_OK);
    CHECK_INT(store_room_find(f.s, "room-two", &got, &f.e), ERR_OK);
    CHECK_INT(store_write_end(f.s, ERR_FORBIDDEN, &f.e), ERR_FORBIDDEN);
    CHECK_INT(store_room_find(f.s, "room-two", &got, &f.e), ERR_NOT_FOUND);
    fixture_end(&f);
}

static const struct check_test TESTS[] = {
    TEST(a_room_keeps_all_its_rules),
    TEST(each_switch_is_kept_by_itself),
    TEST(an_id_comes_before_a_slug_of_the_same_text),
    TEST(conflicts_name_their_field),
    TEST(a_change_counts_the_revision),
    TEST(a_room_in_use_is_not_deleted),
    TEST(lists_go_by_name_and_show_own_and_cohosted_rooms),
    TEST(reads_inside_a_write_see_its_changes),
    { 0 },
};
CHECK_MAIN(TESTS)

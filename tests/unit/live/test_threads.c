/* Three shards at once under people who come and go, dashboards and changes of rooms; made for the thread sanitizer, and true
 * without it: nobody is lost, nothing is left. */
#include <pthread.h>

#include "tests/unit/live/house.h"

#define PEOPLE 6
#define ROUNDS 8

struct person {
    struct house *house;
    pthread_t thread;
    int number;
    int welcomes;
};

static void *come_and_go(void *arg)
{
    struct person *p = arg;
    char id[16], room[8];

    snprintf(id, sizeof id, "guest-%d", p->number);
    snprintf(room, sizeof room, "r%d", p->number % 3 + 1);
    for (int i = 0; i < ROUNDS; i++) {
        struct token_claims claims = claims_of(id, room, SEAT_GUEST);
        struct visitor *c = visitor_open_from(p->house, room, id);
        json_t *m = NULL;

        if (!c)
            continue;
        claims.gen = i / 2; /* every second round ends the seat, the other only cuts the connection */
        visitor_token(p->house, c, &claims);
        m = visitor_next(c, WAIT_MS);
        p->welcomes += m && strcmp(member(m, "type"), "welcome") == 0;
        json_decref(m);
        if (i % 2)
            visitor_say(c, "{\"type\":\"leave\"}");
        else
            visitor_say(c, "{\"type\":\"chat\",\"text\":\"hello\"}");
        if (i % 2)
            while ((m = visitor_next(c, WAIT_MS)))
                json_decref(m);
        visitor_free(c);
    }
    return NULL;
}

static void *look_on(void *arg)
{
    struct person *p = arg;
    struct token_claims claims = claims_of("u1", "@desk", SEAT_HOST);
    struct hub_stats stats;

    for (int i = 0; i < ROUNDS; i++) {
        struct visitor *c = visitor_open_from(p->house, "@desk", "192.0.2.9");
        json_t *m;

        if (!c)
            continue;
        snprintf(claims.session_id, ID_SIZE, "session-%d", i);
        visitor_token(p->house, c, &claims);
        m = visitor_next(c, WAIT_MS);
        p->welcomes += m && strcmp(member(m, "type"), "welcome") == 0;
        json_decref(m);
        visitor_say(c, "{\"type\":\"hold\",\"room\":\"r2\",\"participant\":\"guest-1\"}");
        hub_stats(p->house->hub, &stats);
        hub_session_ended(p->house->hub, claims.session_id);
        while ((m = visitor_next(c, WAIT_MS)))
            json_decref(m);
        visitor_free(c);
    }
    return NULL;
}

static void change_rooms(struct house *h)
{
    for (int i = 0; i < ROUNDS * 4; i++) {
        struct room_rules r;
        char id[8];

        snprintf(id, sizeof id, "r%d", i % 3 + 1);
        CHECK_INT(store_room_find(h->store.s, id, &r, NULL), ERR_OK);
        r.waiting_room = i % 2;
        if (WRITE(h->store, store_room_update(h->store.s, &r, &h->store.e)) == ERR_OK)
            hub_room_changed(h->hub, &r);
    }
}

static void add_rooms(struct house *h)
{
    struct room_rules two = make_room("r2", "u1", "room-two"), three = make_room("r3", "u1", "room-three");

    CHECK_INT(WRITE(h->store, store_room_add(h->store.s, &two, &h->store.e)), ERR_OK);
    CHECK_INT(WRITE(h->store, store_room_add(h->store.s, &three, &h->store.e)), ERR_OK);
}

static void many_come_and_go_on_three_shards(void)
{
    struct house h;
    struct person people[PEOPLE + 1];
    struct hub_stats stats;
    char session[ID_SIZE];

    house_open(&h, 3);
    add_rooms(&h);
    for (int i = 0; i < ROUNDS; i++) {
        snprintf(session, sizeof session, "session-%d", i);
        house_sign_in(&h, session, "u1");
    }
    for (int i = 0; i <= PEOPLE; i++) {
        people[i] = (struct person){ .house = &h, .number = i };
        pthread_create(&people[i].thread, NULL, i < PEOPLE ? come_and_go : look_on, &people[i]);
    }
    change_rooms(&h);
    for (int i = 0; i <= PEOPLE; i++) {
        pthread_join(people[i].thread, NULL);
        CHECK_INT(people[i].welcomes, ROUNDS);
    }
    hub_stats(h.hub, &stats);
    CHECK_INT(stats.seats_inside + stats.seats_waiting, 0);
    CHECK_INT(stats.queued_bytes, 0);
    house_close(&h);
}

/* Stops while everyone is on the way in: no socket, seat or job may be left over (the sanitizers would report it). */
static void a_stop_in_the_middle_leaves_nothing(void)
{
    struct house h;
    struct person people[PEOPLE];

    house_open(&h, 3);
    add_rooms(&h);
    for (int i = 0; i < PEOPLE; i++) {
        people[i] = (struct person){ .house = &h, .number = i };
        pthread_create(&people[i].thread, NULL, come_and_go, &people[i]);
    }
    usleep(20000); /* any moment will do */
    hub_drain(h.hub, 2000);
    for (int i = 0; i < PEOPLE; i++)
        pthread_join(people[i].thread, NULL);
    house_close(&h);
}

static const struct check_test TESTS[] = {
    TEST(many_come_and_go_on_three_shards),
    TEST(a_stop_in_the_middle_leaves_nothing),
    { 0 },
};
CHECK_MAIN(TESTS)

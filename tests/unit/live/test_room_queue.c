/* Room work, of a kind that only this test knows: a row is all that it takes. */
#include "live/room_queue.h"

#include "tests/unit/live/hall.h"

static struct {
    int prepared, ran, applied, answered;
    char code[40];
} seen;
static bool nothing_to_write;

static enum err_code count_prepare(struct live_room *p, struct room_work *w, bool *write, struct err *e)
{
    (void)e;
    CHECK(p->running == w);
    seen.prepared++;
    *write = !nothing_to_write;
    return ERR_OK;
}

static enum err_code count_run(struct store *s, struct room_work *w, struct err *e)
{
    (void)s, (void)w, (void)e;
    seen.ran++;
    return ERR_OK;
}

static void count_applied(struct live_room *p, struct room_work *w)
{
    (void)w;
    CHECK(p->running == NULL);
    seen.applied++;
}

static const struct room_work_kind COUNT = { count_prepare, count_run, count_applied };

static void note_answer(struct live_shard *f, const struct room_work_asker *who, struct payload *said)
{
    (void)f;
    CHECK_INT(who->id, 5);
    seen.answered++;
    snprintf(seen.code, sizeof seen.code, "%.*s", (int)said->len < 30 ? (int)said->len : 30, said->body);
    payload_unref(said);
}

static void ask(struct hall *h)
{
    struct room_work *w = room_work_new(&h->shard, &COUNT, "r1", "count");

    w->from = (struct room_work_asker){ .answer = note_answer, .id = 5 };
    room_queue_ask(live_room_open(&h->shard, "r1"), w);
}

static struct hall *begin(void)
{
    memset(&seen, 0, sizeof seen);
    nothing_to_write = false;
    return hall_new();
}

static void one_work_is_under_way_and_the_next_is_prepared_when_it_is_done(void)
{
    struct hall *h = begin();

    ask(h);
    ask(h);
    CHECK_INT(seen.prepared, 1);
    CHECK_INT(h->job_count, 1);
    CHECK_INT(seen.applied, 0);
    hall_run_job(h, ERR_OK);
    CHECK_INT(seen.applied, 1);
    CHECK_INT(seen.prepared, 2);
    hall_run_job(h, ERR_OK);
    CHECK_INT(seen.applied, 2);
    CHECK_INT(seen.answered, 0);
    CHECK(live_room_find(&h->shard, "r1") == NULL);
    hall_free(h);
}

static void work_that_could_not_be_written_is_reported_to_its_sender_and_changes_nothing(void)
{
    struct hall *h = begin();

    ask(h);
    hall_run_job(h, ERR_IO);
    CHECK_INT(seen.applied, 0);
    CHECK_INT(seen.answered, 1);
    CHECK(strstr(seen.code, "\"code\":\"storage\"") != NULL);
    hall_free(h);
}

static void work_that_needs_no_writing_is_done_at_once(void)
{
    struct hall *h = begin();

    nothing_to_write = true;
    ask(h);
    CHECK_INT(seen.prepared, 1);
    CHECK_INT(h->job_count, 0);
    CHECK_INT(seen.applied, 0);
    hall_free(h);
}

static void a_room_that_was_given_up_and_is_asked_again_in_the_same_turn_is_in_use(void)
{
    struct hall *h = begin();
    struct live_room *p = live_room_open(&h->shard, "r1");

    live_room_release(p);
    room_queue_ask(p, room_work_new(&h->shard, &COUNT, "r1", "count"));
    live_tick(&h->shard);
    CHECK(live_room_find(&h->shard, "r1") == p);
    hall_run_job(h, ERR_OK);
    CHECK_INT(seen.applied, 1);
    hall_free(h);
}

static void the_number_of_waiting_works_is_bounded(void)
{
    struct hall *h = begin();

    for (int i = 0; i < 1 + ROOM_QUEUE_MAX; i++)
        ask(h);
    CHECK_INT(seen.answered, 0);
    ask(h);
    CHECK_INT(seen.answered, 1);
    CHECK(strstr(seen.code, "\"code\":\"busy\"") != NULL);
    while (h->job_count > 0)
        hall_run_job(h, ERR_OK);
    CHECK_INT(seen.applied, 1 + ROOM_QUEUE_MAX);
    hall_free(h);
}

static void when_the_room_is_deleted_waiting_work_is_refused_and_work_under_way_has_no_effect(void)
{
    struct hall *h = begin();

    ask(h);
    ask(h);
    room_queue_close(live_room_find(&h->shard, "r1"));
    CHECK_INT(seen.answered, 0);
    hall_run_job(h, ERR_OK);
    CHECK_INT(seen.applied, 0);
    CHECK_INT(seen.answered, 2);
    CHECK(live_room_find(&h->shard, "r1") == NULL);
    hall_free(h);
}

/* The room's only host, or the room without them. */
static void set_host(struct live_room *p, const char *user_id)
{
    struct room_rules rules = { .id = "r1", .revision = 1 };

    snprintf(rules.owner_id, ID_SIZE, "%s", user_id);
    room_view_set(&p->room.view, &rules);
}

static struct room_work *work_at_a_dashboard_of(struct hall *h, const char *user_id)
{
    struct room_work *w = room_work_new(&h->shard, &COUNT, "r1", "deny");

    w->from = (struct room_work_asker){ .answer = note_answer, .id = 5, .role = USER_HOST };
    w->may = MAY_DENY;
    snprintf(w->request.by, ID_SIZE, "%s", user_id);
    return w;
}

static void work_asked_at_the_dashboard_of_a_host_who_was_taken_off_the_room_meanwhile_is_refused(void)
{
    struct hall *h = begin();
    struct live_room *p = live_room_open(&h->shard, "r1");

    set_host(p, "u1");
    room_queue_ask(p, work_at_a_dashboard_of(h, "u1"));
    room_queue_ask(p, work_at_a_dashboard_of(h, "u1"));
    set_host(p, "u2");
    hall_run_job(h, ERR_OK);
    CHECK_INT(seen.prepared, 1);
    CHECK_INT(seen.answered, 1);
    CHECK(strstr(seen.code, "\"code\":\"forbidden\"") != NULL);
    hall_free(h);
}

static struct room_work *work_from_the_seat_of_a_host(struct hall *h)
{
    struct room_work *w = room_work_new(&h->shard, &COUNT, "r1", "deny");

    w->may = MAY_DENY;
    snprintf(w->asker, ID_SIZE, "host");
    return w;
}

static void work_asked_from_the_seat_of_a_host_who_was_taken_off_the_room_meanwhile_is_refused(void)
{
    struct hall *h = begin();
    struct live_room *p = live_room_open(&h->shard, "r1");
    const struct seat host = { .id = "host", .user_id = "u1", .role = SEAT_HOST, .state = SEAT_INSIDE };

    live_room_restore(p, &host, h->now_ms);
    set_host(p, "u1");
    room_queue_ask(p, work_from_the_seat_of_a_host(h));
    room_queue_ask(p, work_from_the_seat_of_a_host(h));
    set_host(p, "u2");
    hall_run_job(h, ERR_OK);
    CHECK_INT(seen.prepared, 1);
    CHECK_INT(seat_session_of(room_find(&p->room, "host"))->queue.count, 1);
    hall_free(h);
}

static const struct check_test TESTS[] = {
    TEST(one_work_is_under_way_and_the_next_is_prepared_when_it_is_done),
    TEST(work_that_could_not_be_written_is_reported_to_its_sender_and_changes_nothing),
    TEST(work_that_needs_no_writing_is_done_at_once),
    TEST(a_room_that_was_given_up_and_is_asked_again_in_the_same_turn_is_in_use),
    TEST(the_number_of_waiting_works_is_bounded),
    TEST(work_asked_at_the_dashboard_of_a_host_who_was_taken_off_the_room_meanwhile_is_refused),
    TEST(work_asked_from_the_seat_of_a_host_who_was_taken_off_the_room_meanwhile_is_refused),
    TEST(when_the_room_is_deleted_waiting_work_is_refused_and_work_under_way_has_no_effect),
    { 0 },
};
CHECK_MAIN(TESTS)

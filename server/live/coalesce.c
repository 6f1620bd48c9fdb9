#include "live/coalesce.h"

#include "live/live_tell.h"

#define CHATS_WAITING_PER_S 1
#define CHATS_OFTEN_PER_S 4 /* of all waiting people in a room who tried to send something within SELDOM_MS */
#define CHATS_OFTEN_BURST 5
#define CHATS_SELDOM_PER_S 3
#define CHATS_SELDOM_BURST 3
#define SELDOM_MS 10000

static bool waits(const struct seat_session *seat)
{
    return seat_is_waiting(seat->member->seat.state);
}

/* News with no author but the person it is about. A reload inside is not included: the others' connections begin anew. */
static bool may_wait(const struct room_event *e)
{
    const struct seat_session *seat = seat_session_of(e->about);

    if (e->reason || (!waits(seat) && seat->coalesce.instance != e->about->seat.instance))
        return false;
    return e->news == NEWS_CHANGED || (waits(seat) && (e->news == NEWS_AWAY || e->news == NEWS_BACK));
}

static bool is_due(struct seat_session *seat, int64_t mono_ms)
{
    return mono_ms >= seat->coalesce.next_ms &&
           (!waits(seat) ||
            token_bucket_has(&seat->room->waiting.told, COALESCE_WAITING_PER_S, COALESCE_WAITING_BURST, mono_ms));
}

/* Everybody who may see this person knows everything about them. */
static void note_told(struct seat_session *seat)
{
    list_remove(&seat->coalesce.late);
    seat->coalesce.away = !seat->member->connected;
    seat->coalesce.instance = seat->member->seat.instance;
}

static void pay(struct seat_session *seat, int64_t mono_ms)
{
    seat->coalesce.next_ms = mono_ms + (waits(seat) ? COALESCE_WAITING_MS : COALESCE_INSIDE_MS);
    if (waits(seat))
        seat->room->waiting.told.tokens -= 1;
}

static bool passes(const struct room_event *e, int64_t mono_ms)
{
    struct seat_session *seat = seat_session_of(e->about);
    struct live_shard *shard = seat->room->shard;
    bool merges = may_wait(e);

    if (!merges || is_due(seat, mono_ms)) {
        if (merges)
            pay(seat, mono_ms);
        note_told(seat);
        return true;
    }
    if (!list_linked(&seat->coalesce.late))
        list_add_tail(&shard->late, &seat->coalesce.late);
    return false;
}

/* Removes from `ev` the news to tell later. */
static void merge(struct live_room *live, struct room_events *ev)
{
    struct live_shard *shard = live->shard;
    int64_t mono_ms = live_shard_mono_ms(shard);
    size_t kept = 0;

    shard->coalesce_turn++;
    for (size_t i = 0; i < ev->count; i++) {
        const struct room_event *e = &ev->items[i];
        struct coalesce *n = e->kind == EVENT_PARTICIPANT ? &seat_session_of(e->about)->coalesce : NULL;

        if (n && n->turn != shard->coalesce_turn) { /* the first viewer of this person decides for all */
            n->pass = passes(e, mono_ms);
            n->turn = shard->coalesce_turn;
        }
        if (!n || n->pass)
            ev->items[kept++] = *e;
    }
    ev->count = kept;
}

void coalesce_tell(struct live_room *live, struct room_events *ev)
{
    merge(live, ev);
    live_tell_events(live, ev);
}

static void tell_late(struct seat_session *seat, int64_t mono_ms)
{
    struct room_events ev = { 0 };
    bool away = !seat->member->connected;
    enum room_news news = away == seat->coalesce.away ? NEWS_CHANGED : away ? NEWS_AWAY : NEWS_BACK;

    pay(seat, mono_ms);
    note_told(seat);
    room_tell(&seat->room->room, seat->member, news, &ev);
    live_tell_events(seat->room, &ev);
}

void coalesce_tick(struct live_shard *shard, int64_t mono_ms)
{
    struct list here = { 0 }; /* the rest has had its turn, or is new: telling one may add and remove others */

    list_add_tail(&shard->late, &here);
    while (shard->late.next != &here) {
        struct seat_session *seat = list_entry(shard->late.next, struct seat_session, coalesce.late);

        list_remove(&seat->coalesce.late);
        if (is_due(seat, mono_ms))
            tell_late(seat, mono_ms);
        else
            list_add_tail(&shard->late, &seat->coalesce.late);
    }
    list_remove(&here);
}

bool coalesce_chat_allowed(struct seat_session *seat, int64_t mono_ms)
{
    struct coalesce_budget *all = &seat->room->waiting;
    bool seldom = seat->chatted_ms == 0 || mono_ms - seat->chatted_ms >= SELDOM_MS;
    struct token_bucket *shared = &all->often;

    seat->chatted_ms = mono_ms; /* also when it is refused: a person who tries all the time does not count as seldom */
    if (!token_bucket_has(&seat->chats, CHATS_WAITING_PER_S, COALESCE_CHATS_WAITING_BURST, mono_ms))
        return false;
    if (seldom && token_bucket_has(&all->seldom, CHATS_SELDOM_PER_S, CHATS_SELDOM_BURST, mono_ms))
        shared = &all->seldom;
    else if (!token_bucket_has(shared, CHATS_OFTEN_PER_S, CHATS_OFTEN_BURST, mono_ms))
        return false;
    seat->chats.tokens -= 1;
    shared->tokens -= 1;
    return true;
}

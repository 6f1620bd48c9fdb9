#include "live/live_tell.h"

#include "live/last_word.h"
#include "live/messages.h"
#include "live/picture.h"
#include "ws/client.h"
#include "ws/notice.h"

void live_tell_inside(struct live_room *live, const struct seat_session *except, bool hosts_only, struct payload *said)
{
    for (size_t i = 0; i < live->room.count; i++) {
        struct room_member *member = live->room.members[i];

        if (seat_is_inside(member->seat.state) && seat_session_of(member) != except &&
            (!hosts_only || member->seat.role == SEAT_HOST))
            seat_session_say(seat_session_of(member), payload_ref(said));
    }
}

/* A message about one person is made at most twice: for people who offer and for people who do not. */
struct saying {
    const struct room_member *about;
    enum room_news news;
    struct payload *said[2];
};

static void forget_saying(struct saying *s)
{
    payload_unref(s->said[0]);
    payload_unref(s->said[1]);
    *s = (struct saying){ 0 };
}

static void say_participant(const struct room_event *e, struct saying *s)
{
    bool offerer = e->news != NEWS_LEFT && room_offers(e->to, e->about);

    if (s->about != e->about || s->news != e->news)
        forget_saying(s);
    s->about = e->about;
    s->news = e->news;
    if (!s->said[offerer])
        s->said[offerer] = messages_participant(
            &(struct participant_view){ e->about, &seat_session_of(e->about)->status, .offerer = offerer }, e->news,
            e->reason, NULL);
    seat_session_say(seat_session_of(e->to), payload_ref(s->said[offerer]));
}

static enum close_code code_of(enum seat_end end)
{
    static const enum close_code CODES[SEAT_ENDS] = {
        [END_NONE] = CLOSE_OVER,         [END_LEFT] = CLOSE_NORMAL,     [END_DENIED] = CLOSE_REFUSED,
        [END_REMOVED] = CLOSE_REFUSED,   [END_ENDED] = CLOSE_OVER,      [END_EXPIRED] = CLOSE_OVER,
        [END_REPLACED] = CLOSE_REPLACED, [END_REVOKED] = CLOSE_REFUSED,
    };

    return CODES[end];
}

/* A host has ended their call, so their page has not yet said how good it was. Of a host who loses the room nothing more is heard. */
static bool has_last_word(const struct seat_session *seat)
{
    const struct seat *row = &seat->member->seat;

    return seat->visit_ms != 0 && seat_is_inside(seat->member->before) &&
           (row->end == END_ENDED || (row->end == END_REMOVED && row->role == SEAT_GUEST));
}

/* The seat has ended: its connection, if any, has no seat to lose any more. */
static void say_bye(struct room_member *member)
{
    struct seat_session *seat = seat_session_of(member);
    struct client *client = seat->client;
    enum close_code code = code_of(member->seat.end);
    struct payload *bye;

    seat->client = NULL;
    if (!client)
        return;
    client->owner = NULL;
    bye = notice_bye(seat_end_name(member->seat.end), 0, member->text);
    if (has_last_word(seat))
        last_word_wait(seat, client, code, bye);
    else
        client_end(client, code, bye);
}

static void tell_event(struct live_room *live, const struct room_event *e, struct saying *s)
{
    switch (e->kind) {
    case EVENT_PARTICIPANT:
        if (e->to)
            say_participant(e, s);
        else
            (void)live_shard_publish(live->shard, &(struct live_event){ .kind = LIVE_PARTICIPANT,
                                                                        .room = live,
                                                                        .about = seat_session_of(e->about),
                                                                        .news = e->news,
                                                                        .reason = e->reason });
        break;
    case EVENT_STATE: seat_session_say(seat_session_of(e->to), picture_state(seat_session_of(e->to), e->reason)); break;
    case EVENT_BYE: say_bye(e->to); break;
    }
}

void live_tell_events(struct live_room *live, struct room_events *ev)
{
    struct saying s = { 0 };

    for (size_t i = 0; i < ev->count; i++)
        tell_event(live, &ev->items[i], &s);
    forget_saying(&s);
    for (size_t i = 0; i < ev->gone_count; i++)
        seat_session_end(seat_session_of(ev->gone[i]));
    ev->gone_count = 0;
    room_events_clear(ev);
}

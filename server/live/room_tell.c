#include "live/room_tell.h"

#include "ws/client.h"
#include "live/messages.h"
#include "live/picture.h"
#include "util/mem.h"
#include "ws/notice.h"

#define RING_CROWDED_BYTES 8192 /* what a seat keeps when all together keep too much */

static int64_t mono(const struct floor *f)
{
    return f->env.mono_ms(f->env.ctx);
}

void place_count_away(struct seat_link *l, size_t bytes)
{
    atomic_fetch_add(&l->place->floor->clients->counters->kept_bytes, (long long)bytes - (long long)l->away_bytes);
    l->away_bytes = bytes;
}

void place_forget_link(struct place *p, struct room_member *m)
{
    struct seat_link *l = link_of(m);

    m->link = NULL;
    if (!l)
        return;
    news_forget(l);
    place_count_away(l, 0);
    p->floor->ring_bytes -= l->queue.bytes + l->kept.bytes;
    resume_clear(&l->queue);
    kept_clear(&l->kept);
    mem_free(l);
}

void place_keep_for_later(struct seat_link *l)
{
    struct floor *f = l->place->floor;
    size_t bytes = l->queue.bytes;

    if (clients_crowded(f->clients) &&
        l->queue.unsent_bytes > f->clients->limits->queue_bytes / CLIENTS_CROWDED_SHARE) {
        l->missed_from = link_sent_seq(l);
        resume_clear(&l->queue);
    }
    f->ring_bytes += l->queue.bytes - bytes;
    place_count_away(l, l->queue.unsent_bytes);
}

void place_say(struct seat_link *l, struct payload *said)
{
    struct floor *f = l->place->floor;
    size_t bytes = l->queue.bytes, unsent = l->queue.unsent_bytes, added = said->len;

    resume_add(&l->queue, said);
    l->added_ms = mono(f);
    if (f->ring_bytes > FLOOR_RING_BYTES_MAX)
        resume_forget(&l->queue, RING_CROWDED_BYTES, added);
    f->ring_bytes += l->queue.bytes - bytes; /* wraps as intended when it shrank */
    if (!l->client) {
        place_keep_for_later(l);
        return;
    }
    atomic_fetch_add(&f->clients->counters->queued_bytes, (long long)l->queue.unsent_bytes - (long long)unsent);
    client_queued(l->client);
}

void place_say_inside(struct place *p, const struct seat_link *except, bool hosts_only, struct payload *said)
{
    for (size_t i = 0; i < p->room.count; i++) {
        struct room_member *m = p->room.members[i];

        if (seat_is_inside(m->seat.state) && link_of(m) != except && (!hosts_only || m->seat.role == SEAT_HOST))
            place_say(link_of(m), payload_ref(said));
    }
}

/* What is said about one person is made at most twice: for those who offer and for those who do not. */
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
        s->said[offerer] =
            messages_participant(&(struct participant_view){ e->about, &link_of(e->about)->status, .offerer = offerer },
                                 e->news, e->reason, NULL);
    place_say(link_of(e->to), payload_ref(s->said[offerer]));
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

/* The seat has ended: its connection, if any, no longer has one to be lost. */
static void say_bye(struct room_member *m)
{
    struct seat_link *l = link_of(m);
    struct client *client = l->client;

    l->client = NULL;
    if (!client)
        return;
    client->owner = NULL;
    client_end(client, code_of(m->seat.end), notice_bye(seat_end_name(m->seat.end), 0, m->text));
}

static void tell_event(struct place *p, const struct room_event *e, struct saying *s)
{
    switch (e->kind) {
    case EVENT_PARTICIPANT:
        if (e->to)
            say_participant(e, s);
        else
            (void)floor_publish(p->floor, &(struct live_event){ .kind = LIVE_PARTICIPANT,
                                                                .place = p,
                                                                .about = link_of(e->about),
                                                                .news = e->news,
                                                                .reason = e->reason });
        break;
    case EVENT_STATE: place_say(link_of(e->to), picture_state(link_of(e->to), e->reason)); break;
    case EVENT_BYE: say_bye(e->to); break;
    }
}

void place_tell(struct place *p, struct room_events *ev)
{
    struct saying s = { 0 };

    for (size_t i = 0; i < ev->count; i++)
        tell_event(p, &ev->items[i], &s);
    forget_saying(&s);
    for (size_t i = 0; i < ev->gone_count; i++)
        place_forget_link(p, ev->gone[i]);
    room_events_clear(ev);
}

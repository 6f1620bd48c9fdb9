#include "live/seat_session.h"

#include "util/mem.h"

static void seat_message(struct client_owner *owner, struct client *c, const struct client_message *m)
{
    struct seat_session *l = seat_session_of_owner(owner);

    l->shard->handlers->seat(l, c, m);
}

static void seat_unreadable(struct client_owner *owner)
{
    (void)numbers_unread(&seat_session_of_owner(owner)->own);
}

static void seat_lost(struct client_owner *owner, struct client *c)
{
    struct seat_session *l = seat_session_of_owner(owner);

    (void)c;
    l->shard->handlers->seat_lost(l);
}

static const struct client_owner_ops SEAT = { seat_message, seat_unreadable, seat_lost };

struct seat_session *seat_session_new(struct live_shard *f, struct live_room *p, struct room_member *m)
{
    struct seat_session *l = mem_new(sizeof *l);

    l->owner.ops = &SEAT;
    l->shard = f;
    l->room = p;
    l->member = m;
    l->missed_from = -1;
    l->used_ms = live_shard_mono_ms(f); /* the page requested its token a moment ago */
    m->link = l;
    return l;
}

void seat_session_free(struct seat_session *l)
{
    if (!l)
        return;
    l->member->link = NULL;
    list_remove(&l->coalesce.late);
    seat_session_count_away(l, 0);
    l->shard->ring_bytes -= l->queue.bytes + l->kept.bytes;
    resume_clear(&l->queue);
    kept_clear(&l->kept);
    mem_free(l);
}

void seat_session_count_away(struct seat_session *l, size_t bytes)
{
    atomic_fetch_add(&l->shard->clients->counters->kept_bytes, (long long)bytes - (long long)l->away_bytes);
    l->away_bytes = bytes;
}

void seat_session_keep_for_later(struct seat_session *l)
{
    struct live_shard *f = l->shard;
    size_t bytes = l->queue.bytes;

    if (clients_crowded(f->clients) &&
        l->queue.unsent_bytes > f->clients->limits->queue_bytes / CLIENTS_CROWDED_SHARE) {
        l->missed_from = seat_session_sent_seq(l);
        resume_clear(&l->queue);
    }
    f->ring_bytes += l->queue.bytes - bytes;
    seat_session_count_away(l, l->queue.unsent_bytes);
}

void seat_session_say(struct seat_session *l, struct payload *said)
{
    struct live_shard *f = l->shard;
    size_t bytes = l->queue.bytes, unsent = l->queue.unsent_bytes, added = said->len;

    resume_add(&l->queue, said);
    l->added_ms = live_shard_mono_ms(f);
    if (f->ring_bytes > LIVE_RING_BYTES_MAX)
        resume_forget(&l->queue, LIVE_CROWDED_BYTES, added);
    f->ring_bytes += l->queue.bytes - bytes; /* wraps as intended if it shrank */
    if (!l->client) {
        seat_session_keep_for_later(l);
        return;
    }
    atomic_fetch_add(&f->clients->counters->queued_bytes, (long long)l->queue.unsent_bytes - (long long)unsent);
    client_queued(l->client);
}

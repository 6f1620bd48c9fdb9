#include "live/seat_session.h"

#include "util/mem.h"

static void seat_message(struct client_owner *owner, struct client *client, const struct client_message *m)
{
    struct seat_session *seat = seat_session_of_owner(owner);

    seat->shard->handlers->seat(seat, client, m);
}

static void seat_unreadable(struct client_owner *owner)
{
    (void)numbers_unread(&seat_session_of_owner(owner)->own);
}

static void seat_lost(struct client_owner *owner, struct client *client)
{
    struct seat_session *seat = seat_session_of_owner(owner);

    (void)client;
    seat->shard->handlers->seat_lost(seat);
}

static const struct client_owner_ops SEAT = { seat_message, seat_unreadable, seat_lost };

struct seat_session *seat_session_new(struct live_shard *shard, struct live_room *live, struct room_member *member)
{
    struct seat_session *seat = mem_new(sizeof *seat);

    seat->owner.ops = &SEAT;
    seat->shard = shard;
    seat->room = live;
    seat->member = member;
    seat->missed_from = -1;
    seat->used_ms = live_shard_mono_ms(shard); /* the page requested its token a moment ago */
    member->link = seat;
    return seat;
}

void seat_session_free(struct seat_session *seat)
{
    if (!seat)
        return;
    seat->member->link = NULL;
    list_remove(&seat->coalesce.late);
    seat_session_count_away(seat, 0);
    seat->shard->ring_bytes -= seat->queue.bytes + seat->kept.bytes;
    resume_clear(&seat->queue);
    kept_clear(&seat->kept);
    mem_free(seat);
}

static void free_with_member(struct retired *retired)
{
    struct seat_session *seat = list_entry(retired, struct seat_session, retired);
    struct room_member *member = seat->member;

    seat_session_free(seat);
    room_member_free(member);
}

void seat_session_end(struct seat_session *seat)
{
    list_remove(&seat->coalesce.late); /* others have heard the last of it */
    live_shard_retire(seat->shard, &seat->retired, free_with_member);
}

void seat_session_count_away(struct seat_session *seat, size_t bytes)
{
    atomic_fetch_add(&seat->shard->clients->counters->kept_bytes, (long long)bytes - (long long)seat->away_bytes);
    seat->away_bytes = bytes;
}

void seat_session_keep_for_later(struct seat_session *seat)
{
    struct live_shard *shard = seat->shard;
    size_t bytes = seat->queue.bytes;

    if (clients_crowded(shard->clients) &&
        seat->queue.unsent_bytes > shard->clients->limits->queue_bytes / CLIENTS_CROWDED_SHARE) {
        seat->missed_from = seat_session_sent_seq(seat);
        resume_clear(&seat->queue);
    }
    shard->ring_bytes += seat->queue.bytes - bytes;
    seat_session_count_away(seat, seat->queue.unsent_bytes);
}

void seat_session_say(struct seat_session *seat, struct payload *said)
{
    struct live_shard *shard = seat->shard;
    size_t bytes = seat->queue.bytes, unsent = seat->queue.unsent_bytes, added = said->len;

    resume_add(&seat->queue, said);
    seat->added_ms = live_shard_mono_ms(shard);
    if (shard->ring_bytes > LIVE_RING_BYTES_MAX)
        resume_forget(&seat->queue, LIVE_CROWDED_BYTES, added);
    shard->ring_bytes += seat->queue.bytes - bytes; /* wraps as intended if it shrank */
    if (!seat->client) {
        seat_session_keep_for_later(seat);
        return;
    }
    atomic_fetch_add(&shard->clients->counters->queued_bytes, (long long)seat->queue.unsent_bytes - (long long)unsent);
    client_queued(seat->client);
}

#include "live/chat.h"

#include <string.h>

#include "live/live_tell.h"
#include "live/messages.h"
#include "live/share.h"
#include "util/mem.h"

#define SHOWN_LINES 30 /* of a waiting person, in a dashboard's snapshot */

/* The receivers of a line. */
struct reach {
    bool waiting;              /* it belongs to the chat between a waiting person and the front desk */
    int heard;                 /* connected, including dashboards */
    struct messages_ids later; /* away: kept for them */
    struct messages_ids never; /* away, and the limit of kept lines is reached */
};

static size_t most_of(const struct live_shard *shard)
{
    return shard->ring_bytes > LIVE_RING_BYTES_MAX ? LIVE_CROWDED_BYTES : KEPT_BYTES_MAX;
}

static int64_t wall(const struct seat_session *seat)
{
    return seat->room->shard->env.wall_ms(seat->room->shard->env.ctx);
}

/* Takes over the reference when it returns true. A connected seat is being written to, so anything older may give way. */
static bool keep(struct seat_session *seat, const struct kept_line *line)
{
    struct live_shard *shard = seat->room->shard;
    size_t bytes = seat->kept.bytes;
    bool kept = kept_add(&seat->kept, line, seat->client ? INT64_MAX : seat_session_sent_seq(seat), most_of(shard));

    shard->ring_bytes += seat->kept.bytes - bytes; /* wraps as intended if it shrank */
    return kept;
}

static void write_to(struct seat_session *seat, struct payload *said, struct reach *r)
{
    struct kept_line line = { .said = payload_ref(said), .seq = seat->queue.last_seq + 1, .waiting = r->waiting };

    if (!keep(seat, &line)) {
        payload_unref(said);
        messages_add_id(&r->never, seat->member->seat.id);
        return;
    }
    if (seat->client)
        r->heard++;
    else
        messages_add_id(&r->later, seat->member->seat.id);
    seat_session_say(seat, payload_ref(said));
}

/* The answer to the writer, if the message had a number: who gets it; otherwise NULL. Clears the lists. */
static struct payload *answer(struct reach *r, int64_t n)
{
    if (n > 0)
        return messages_ack("chat", n, r->heard, &r->later, &r->never);
    buf_clear(&r->later.list);
    buf_clear(&r->never.list);
    return NULL;
}

static void write_inside(struct seat_session *from, bool hosts_only, struct payload *said, struct reach *r)
{
    const struct room *room = &from->room->room;

    for (size_t i = 0; i < room->count; i++) {
        const struct room_member *member = room->members[i];

        if (seat_is_inside(member->seat.state) && seat_session_of(member) != from &&
            (!hosts_only || member->seat.role == SEAT_HOST))
            write_to(seat_session_of(member), said, r);
    }
}

static void keep_own(struct seat_session *from, struct payload *said, int64_t at_ms, bool waiting, bool heard)
{
    struct kept_line line = {
        .said = payload_ref(said), .at_ms = at_ms, .own = true, .waiting = waiting, .heard = heard
    };

    if (!keep(from, &line))
        payload_unref(said);
}

enum err_code chat_from_seat(struct seat_session *from, const struct chat_words *w, struct err *e)
{
    const struct room_member *self = from->member;
    const struct room_member *to = w->to[0] ? room_find(&from->room->room, w->to) : NULL;
    bool inside = seat_is_inside(self->seat.state);
    struct reach r = { 0 };
    struct payload *said, *ack;
    int64_t at_ms = wall(from);

    if (w->to[0] && (!to || !room_sees(self, to)))
        return err_set(e, ERR_NOT_FOUND, "not_found", "Nobody you see has this id.");
    said = messages_chat(&(struct chat_line){ .from = self->seat.id,
                                              .name = self->seat.name,
                                              .to = to ? to->seat.id : NULL,
                                              .text = w->text,
                                              .id = w->id,
                                              .at_ms = at_ms });
    if (to)
        write_to(seat_session_of(to), said, &r);
    else
        write_inside(from, !inside, said, &r);
    if (!inside && !to)
        r.heard += live_shard_publish(from->room->shard, &(struct live_event){ .kind = LIVE_CHAT,
                                                                               .room = from->room,
                                                                               .about = from,
                                                                               .chat = { w->text, w->id, at_ms } });
    keep_own(from, said, at_ms, !inside && !to, r.heard > 0);
    payload_unref(said);
    ack = answer(&r, w->n);
    if (ack)
        seat_session_say(from, ack);
    return ERR_OK;
}

struct payload *chat_to_seat(struct seat_session *to, struct payload *said, int64_t n)
{
    struct reach r = { .waiting = true };

    write_to(to, said, &r);
    return answer(&r, n);
}

/* ---- replay --- */

/* The original line, or one marked as already sent; the seat's own line is also marked when nobody got it. */
static struct payload *repeat(const struct kept_line *line, bool told)
{
    const char *mark = line->own && !line->heard ? "\"again\":true,\"unheard\":true," : "\"again\":true,";
    size_t len = strlen(mark);
    struct payload *p;

    if (!told)
        return payload_ref(line->said);
    p = payload_new("chat", len + line->said->len);
    memcpy(p->body, mark, len);
    memcpy(p->body + len, line->said->body, line->said->len);
    return p;
}

/* The writer is told when this is the first receiver. */
static void pass_on(struct seat_session *host, struct seat_session *writer, struct kept_line *own)
{
    struct kept_line line = { .said = payload_ref(own->said), .seq = own->heard ? 0 : INT64_MAX };

    if (!keep(host, &line)) {
        payload_unref(line.said);
        return;
    }
    if (own->heard)
        return;
    own->heard = true;
    seat_session_say(writer, repeat(own, true));
}

/* A host who comes in reads the earlier lines of waiting people; people outside the crowd come first. */
static void hear_waiting(struct seat_session *host)
{
    const struct room *room = &host->room->room;
    struct share *all = mem_new_array(room->count, sizeof *all), *s;
    struct kept_line *line;
    size_t count = 0;

    for (int crowd = 0; crowd < 2; crowd++)
        for (size_t i = 0; i < room->count; i++) {
            const struct seat *seat = &room->members[i]->seat;

            if (seat_is_waiting(seat->state) && seat->crowd == crowd)
                all[count++] = (struct share){ .of = &seat_session_of(room->members[i])->kept };
        }
    share_out(all, count, most_of(host->room->shard));
    while ((s = share_next(all, count, &line)) != NULL)
        pass_on(host, list_entry(s->of, struct seat_session, kept), line);
    mem_free(all);
}

/* Not when the page continues and was sent it; it may lack the news that its own line was received. */
static bool is_lacking(const struct kept_line *line, int64_t after, bool anew)
{
    return anew || (line->own ? line->waiting && line->heard : line->seq > after);
}

void chat_again(struct seat_session *seat, int64_t after, int64_t sent, bool anew)
{
    if (anew && seat->kept.count == 0 && seat->member->seat.role == SEAT_HOST &&
        seat_is_inside(seat->member->seat.state))
        hear_waiting(seat);
    for (uint16_t i = 0; i < seat->kept.count; i++) {
        struct kept_line *line = &seat->kept.lines[i];

        if (!is_lacking(line, after, anew))
            continue;
        resume_add(&seat->queue, repeat(line, line->own || (anew && line->seq <= sent)));
        if (!line->own)
            line->seq = seat->queue.last_seq;
    }
}

void chat_add_waiting(struct buf *b, const struct seat_session *seat)
{
    const char *comma = ",\"chat\":[";

    if (b->len > MESSAGES_MAX / 2 || !seat_is_waiting(seat->member->seat.state))
        return;
    for (uint16_t i = seat->kept.count > SHOWN_LINES ? seat->kept.count - SHOWN_LINES : 0; i < seat->kept.count; i++) {
        const struct kept_line *line = &seat->kept.lines[i];

        if (!line->waiting)
            continue;
        buf_add_text(b, comma);
        buf_add_text(b, "{");
        buf_add(b, line->said->body, line->said->len);
        comma = ",";
    }
    if (comma[1] == '\0')
        buf_add_text(b, "]");
}

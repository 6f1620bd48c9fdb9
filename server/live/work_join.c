#include "live/work_join.h"

#include <string.h>

#include "domain/admission.h"
#include "live/chat.h"
#include "live/coalesce.h"
#include "live/live_rules.h"
#include "live/picture.h"
#include "live/presence.h"
#include "live/work_decide.h"
#include "store/store_invitations.h"
#include "store/store_seats.h"
#include "store/store_sessions.h"
#include "util/mem.h"
#include "util/str.h"

#define TIDY_EVERY 64 /* after this many newcomers of a shard, old rows are deleted */

/* ---- facts of the shard ------ */

static enum err_code prepare_join(struct live_room *p, struct room_work *w, bool *write, struct err *e)
{
    (void)e;
    *write = w->client != NULL; /* otherwise it gave up while it waited */
    if (!*write)
        return ERR_OK;
    room_facts(&p->room, w->join.as.id, &w->facts);
    for (int crowd = 0; crowd < 2 && !w->facts.has_seat; crowd++)
        room_door(&p->room, crowd, w->join.as.invitation_id, w->site, &w->facts.door[crowd]);
    w->tidy = !w->facts.has_seat && ++p->shard->newcomers % TIDY_EVERY == 0;
    w->rules_wanted = p->room.view.revision == 0 || !w->join.as.invitation_id[0]; /* enters by the room's rules */
    return ERR_OK;
}

static enum err_code prepare_resume(struct live_room *p, struct room_work *w, bool *write, struct err *e)
{
    *write = false;
    return w->client ? work_prepare_decision(p, w, write, e) : ERR_OK;
}

/* ---- a join: facts of the store, gathered as domain/admission.h asks for them ----------- */

struct arrival {
    struct store *s;
    struct room_work *w;
    struct invitation link; /* join.link */
};

static enum err_code find_sign_in(struct arrival *a, struct err *e)
{
    enum err_code rc = store_session_live(a->s, a->w->join.as.session_id, a->w->wall_ms, e);

    a->w->join.signed_out = rc == ERR_AUTH;
    return rc == ERR_AUTH ? ERR_OK : rc;
}

/* A token is valid only while its reason holds: the user still hosts the room, or the address still opens it. */
static enum err_code find_rules(struct arrival *a, struct err *e)
{
    struct room_work *w = a->w;
    enum err_code rc = room_work_read_rules(a->s, w, e);

    if (rc != ERR_OK)
        return rc;
    w->facts.capacity = room_rules_capacity(w->rules);
    ROOM_COPY_SWITCHES(&w->facts, w->rules);
    w->join.not_host = !room_rules_is_host(w->rules, w->join.as.user_id);
    w->join.closed = w->rules->access != ROOM_LINK;
    return ERR_OK;
}

static enum err_code find_seat(struct arrival *a, struct err *e)
{
    struct room_join *j = &a->w->join;
    enum err_code rc = store_seat_find(a->s, j->as.id, &j->row, e);

    j->has_row = rc == ERR_OK;
    if (rc == ERR_NOT_FOUND)
        return ERR_OK;
    return rc == ERR_OK ? store_seat_host_lost(a->s, a->w->room_id, &a->w->facts.host_lost_ms, e) : rc;
}

/* Other people with a seat by the one-person link. Tokens are made before the seats, so they are counted here. */
static enum err_code find_jars(struct arrival *a, struct err *e)
{
    struct room_join *j = &a->w->join;
    struct seat_list list;
    enum err_code rc = store_seat_list_room(a->s, j->as.room_id, &list, e);

    if (rc != ERR_OK)
        return rc;
    for (size_t i = 0; i < list.count; i++)
        if (strcmp(list.items[i].invitation_id, j->as.invitation_id) == 0) {
            j->jars_open++;
            j->invitation_taken |= !list.items[i].same_invitation;
        }
    seat_list_clear(&list);
    j->unknown &= ~ADMISSION_BIT(ADMISSION_NEEDS_JARS);
    return ERR_OK;
}

/* A link that is no longer stored counts as renewed. Only a one-person link can be in use by another person. */
static enum err_code find_link(struct arrival *a, struct err *e)
{
    struct room_join *j = &a->w->join;
    enum err_code rc = store_invitation_by_id(a->s, j->as.invitation_id, &a->link, e);

    j->link = &a->link;
    j->link_gen = a->w->invitation_gen;
    if (rc == ERR_NOT_FOUND) {
        a->link = (struct invitation){ 0 };
        return ERR_OK;
    }
    j->as.crowd = a->link.max_uses != 1;
    return rc == ERR_OK && !j->as.crowd ? find_jars(a, e) : rc;
}

static enum err_code find_blocks(struct arrival *a, struct err *e)
{
    struct room_join *j = &a->w->join;
    const char *room_id = a->w->room_id;
    enum err_code rc = store_block_until(a->s, room_id, j->as.id, "", &j->blocked_until_ms, e);

    if (rc == ERR_OK && j->as.invitation_id[0])
        rc = store_block_until(a->s, room_id, "", j->as.invitation_id, &j->link_blocked_until_ms, e);
    return rc;
}

static enum err_code (*const FIND[ADMISSION_NEEDS_END])(struct arrival *a, struct err *e) = {
    [ADMISSION_NEEDS_SIGN_IN] = find_sign_in, [ADMISSION_NEEDS_RULES] = find_rules,
    [ADMISSION_NEEDS_SEAT] = find_seat,       [ADMISSION_NEEDS_LINK] = find_link,
    [ADMISSION_NEEDS_BLOCKS] = find_blocks,   [ADMISSION_NEEDS_JARS] = find_jars,
};

/* Starts from the facts of the token and of the shard, also when the job is run again. */
static void begin_arrival(struct room_work *w)
{
    struct room_join *j = &w->join;

    j->unknown = ADMISSION_BIT(ADMISSION_NEEDS_SIGN_IN) | ADMISSION_BIT(ADMISSION_NEEDS_SEAT) |
                 ADMISSION_BIT(ADMISSION_NEEDS_LINK) | ADMISSION_BIT(ADMISSION_NEEDS_BLOCKS) |
                 ADMISSION_BIT(ADMISSION_NEEDS_JARS);
    if (w->rules_wanted)
        j->unknown |= ADMISSION_BIT(ADMISSION_NEEDS_RULES);
    j->invitation_taken = false;
    j->jars_open = 0;
    j->as.crowd = j->as.role == SEAT_GUEST; /* unless the link decides otherwise */
    room_decision_clear(&w->decision);
}

static enum err_code decide_arrival(struct arrival *a, struct err *e)
{
    struct room_work *w = a->w;
    enum admission need = admission_ask(ADMISSION_SEAT, &w->facts, &w->join, w->now_ms);

    while (admission_needs(need)) {
        enum err_code rc = FIND[need](a, e);

        if (rc != ERR_OK)
            return rc;
        w->join.unknown &= ~ADMISSION_BIT(need);
        need = admission_ask(ADMISSION_SEAT, &w->facts, &w->join, w->now_ms);
    }
    return room_decide_join(&w->facts, &w->join, w->now_ms, &w->decision, e);
}

static enum err_code run_join(struct store *s, struct room_work *w, struct err *e)
{
    struct arrival a = { .s = s, .w = w };
    enum err_code rc;

    begin_arrival(w);
    rc = decide_arrival(&a, e);
    w->join.link = NULL;
    if (rc == ERR_OK && w->tidy)
        rc = store_seat_prune_crowd(s, w->room_id, e);
    return rc == ERR_OK ? work_write_decision(s, w, e) : rc;
}

/* A ticket is valid only while the sign-in of its seat is. */
static enum err_code run_resume(struct store *s, struct room_work *w, struct err *e)
{
    enum err_code rc = store_session_live(s, w->decision.changes[0].seat.session_id, w->wall_ms, e);

    return rc == ERR_OK ? work_write_decision(s, w, e) : rc;
}

/* ---- on the shard, after the write ------- */

/* The client takes over the seat just written for it; an older client of the same seat is closed. */
static void replace_older(struct seat_session *l)
{
    struct client *older = l->client;

    if (!older)
        return;
    l->pace = older->pace;
    older->owner = NULL;
    client_close(older, CLOSE_REPLACED, "replaced");
}

/* Sends the missing messages again (true), or a fresh picture with the chat lines for the seat. `anew`: its page has begun anew,
 * and its numbers as well; otherwise it has everything up to `seen_seq`. */
static bool go_on(struct seat_session *l, bool anew, int64_t seen_seq)
{
    int64_t sent = seat_session_sent_seq(l), last = l->queue.last_seq;
    bool resumed = !anew && l->known && resume_rewind(&l->queue, seen_seq);

    l->missed_from = -1;
    if (!resumed)
        resume_clear(&l->queue);
    if (anew) {
        l->queue = (struct resume){ 0 };
        l->status = (struct seat_status){ 0 };
        l->own = (struct numbers){ 0 };
    }
    if (!resumed)
        chat_again(l, l->known && seen_seq <= last ? seen_seq : 0, sent, anew);
    return resumed;
}

static void seat_client(struct room_work *w, struct seat_session *l, bool anew)
{
    struct client *client = w->client;
    size_t bytes = l->queue.bytes;
    bool resumed;

    seat_session_count_away(l, 0);
    memset(l->seen_by, 0, sizeof l->seen_by);
    l->seen_ms = 0;
    replace_older(l);
    resumed = go_on(l, anew, w->resume_seq);
    l->added_ms = live_shard_mono_ms(l->shard);
    numbers_settle(&l->own);
    if (l->known) /* otherwise a client that reconnects again and again could send without limit */
        client->pace = l->pace;
    l->known = true;
    l->shard->ring_bytes += l->queue.bytes - bytes;
    l->confirm_due = !anew;
    l->client = client;
    memcpy(client->session_id, l->member->seat.session_id, ID_SIZE);
    memcpy(l->member->site, w->site, sizeof l->member->site);
    client_joined(client, &l->owner, &l->queue, picture_welcome(l, w->ticket, resumed));
}

/* `participant` has the seat now, with its client, or without it if the client went during the write. */
static void take_seat(struct live_room *p, struct room_work *w, const char *participant, bool anew)
{
    struct room_events ev = { 0 };
    bool there = w->client != NULL;
    struct room_member *m;

    live_room_apply(p, &w->decision, &ev);
    if (there)
        seat_client(w, seat_session_of(room_find(&p->room, participant)), anew);
    coalesce_tell(p, &ev);
    m = there ? NULL : room_find(&p->room, participant);
    if (m && !seat_session_of(m)->client)
        presence_lost(seat_session_of(m));
}

static void applied_join(struct live_room *p, struct room_work *w)
{
    if (w->rules && p->room.view.revision == 0)
        room_view_set(&p->room.view, w->rules);
    take_seat(p, w, w->join.as.id, true);
    if (w->join.as.role == SEAT_HOST)
        live_rules_host_came(p);
}

static void applied_resume(struct live_room *p, struct room_work *w)
{
    take_seat(p, w, w->request.participant, false);
}

const struct room_work_kind WORK_JOIN = { prepare_join, run_join, applied_join };
const struct room_work_kind WORK_RESUME = { prepare_resume, run_resume, applied_resume };

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

static enum err_code prepare_join(struct live_room *live, struct room_work *work, bool *write, struct err *e)
{
    (void)e;
    *write = work->client != NULL; /* otherwise it gave up while it waited */
    if (!*write)
        return ERR_OK;
    room_facts(&live->room, work->join.as.id, &work->facts);
    for (int crowd = 0; crowd < 2 && !work->facts.has_seat; crowd++)
        room_door(&live->room, crowd, work->join.as.invitation_id, work->site, &work->facts.door[crowd]);
    work->tidy = !work->facts.has_seat && ++live->shard->newcomers % TIDY_EVERY == 0;
    work->rules_wanted =
        live->room.view.revision == 0 || !work->join.as.invitation_id[0]; /* enters by the room's rules */
    return ERR_OK;
}

static enum err_code prepare_resume(struct live_room *live, struct room_work *work, bool *write, struct err *e)
{
    *write = false;
    return work->client ? work_prepare_decision(live, work, write, e) : ERR_OK;
}

/* ---- a join: facts of the store, gathered as domain/admission.h asks for them ----------- */

struct arrival {
    struct store *s;
    struct room_work *work;
    struct invitation link; /* join.link */
};

static enum err_code find_sign_in(struct arrival *a, struct err *e)
{
    enum err_code rc = store_session_live(a->s, a->work->join.as.session_id, a->work->wall_ms, e);

    a->work->join.signed_out = rc == ERR_AUTH;
    return rc == ERR_AUTH ? ERR_OK : rc;
}

/* A token is valid only while its reason holds: the user still hosts the room, or the address still opens it. */
static enum err_code find_rules(struct arrival *a, struct err *e)
{
    struct room_work *work = a->work;
    enum err_code rc = room_work_read_rules(a->s, work, e);

    if (rc != ERR_OK)
        return rc;
    work->facts.capacity = room_rules_capacity(work->rules);
    ROOM_COPY_SWITCHES(&work->facts, work->rules);
    work->join.not_host = room_rules_part(work->rules, work->join.as.user_id) == PART_NONE;
    work->join.closed = work->rules->access != ROOM_LINK;
    return ERR_OK;
}

static enum err_code find_seat(struct arrival *a, struct err *e)
{
    struct room_join *join = &a->work->join;
    enum err_code rc = store_seat_find(a->s, join->as.id, &join->row, e);

    join->has_row = rc == ERR_OK;
    if (rc == ERR_NOT_FOUND)
        return ERR_OK;
    return rc == ERR_OK ? store_seat_host_lost(a->s, a->work->room_id, &a->work->facts.host_lost_ms, e) : rc;
}

/* Other people with a seat by the one-person link. Tokens are made before the seats, so they are counted here. */
static enum err_code find_jars(struct arrival *a, struct err *e)
{
    struct room_join *join = &a->work->join;
    struct seat_list list;
    enum err_code rc = store_seat_list_room(a->s, join->as.room_id, &list, e);

    if (rc != ERR_OK)
        return rc;
    for (size_t i = 0; i < list.count; i++)
        if (strcmp(list.items[i].invitation_id, join->as.invitation_id) == 0) {
            join->jars_open++;
            join->invitation_taken |= !list.items[i].same_invitation;
        }
    seat_list_clear(&list);
    join->unknown &= ~ADMISSION_BIT(ADMISSION_NEEDS_JARS);
    return ERR_OK;
}

/* A link that is no longer stored counts as renewed. Only a one-person link can be in use by another person. */
static enum err_code find_link(struct arrival *a, struct err *e)
{
    struct room_join *join = &a->work->join;
    enum err_code rc = store_invitation_by_id(a->s, join->as.invitation_id, &a->link, e);

    join->link = &a->link;
    join->link_gen = a->work->invitation_gen;
    if (rc == ERR_NOT_FOUND) {
        a->link = (struct invitation){ 0 };
        return ERR_OK;
    }
    join->as.crowd = a->link.max_uses != 1;
    return rc == ERR_OK && !join->as.crowd ? find_jars(a, e) : rc;
}

static enum err_code find_blocks(struct arrival *a, struct err *e)
{
    const struct room_work *work = a->work;
    struct block_list list;
    enum err_code rc = store_block_list(a->s, work->room_id, work->now_ms, &list, e);

    if (rc != ERR_OK)
        return rc;
    for (size_t i = 0; i < list.count; i++)
        admission_add_block(work->shard->settings->participant_key, work->guest_hash, &list.items[i], &a->work->join);
    block_list_clear(&list);
    return ERR_OK;
}

static enum err_code (*const FIND[ADMISSION_NEEDS_END])(struct arrival *a, struct err *e) = {
    [ADMISSION_NEEDS_SIGN_IN] = find_sign_in, [ADMISSION_NEEDS_RULES] = find_rules,
    [ADMISSION_NEEDS_SEAT] = find_seat,       [ADMISSION_NEEDS_LINK] = find_link,
    [ADMISSION_NEEDS_BLOCKS] = find_blocks,   [ADMISSION_NEEDS_JARS] = find_jars,
};

/* Starts from the facts of the token and of the shard, also when the job is run again. */
static void begin_arrival(struct room_work *work)
{
    struct room_join *join = &work->join;

    join->unknown = ADMISSION_BIT(ADMISSION_NEEDS_SIGN_IN) | ADMISSION_BIT(ADMISSION_NEEDS_SEAT) |
                    ADMISSION_BIT(ADMISSION_NEEDS_LINK) | ADMISSION_BIT(ADMISSION_NEEDS_BLOCKS) |
                    ADMISSION_BIT(ADMISSION_NEEDS_JARS);
    if (work->rules_wanted)
        join->unknown |= ADMISSION_BIT(ADMISSION_NEEDS_RULES);
    join->invitation_taken = false;
    join->blocked_until_ms = join->link_blocked_until_ms = 0;
    join->jars_open = 0;
    join->as.crowd = join->as.role == SEAT_GUEST; /* unless the link decides otherwise */
    room_decision_clear(&work->decision);
}

static enum err_code decide_arrival(struct arrival *a, struct err *e)
{
    struct room_work *work = a->work;
    enum admission need = admission_ask(ADMISSION_SEAT, &work->facts, &work->join, work->now_ms);

    while (admission_needs(need)) {
        enum err_code rc = FIND[need](a, e);

        if (rc != ERR_OK)
            return rc;
        work->join.unknown &= ~ADMISSION_BIT(need);
        need = admission_ask(ADMISSION_SEAT, &work->facts, &work->join, work->now_ms);
    }
    return room_decide_join(&work->facts, &work->join, work->now_ms, &work->decision, e);
}

static enum err_code run_join(struct store *s, struct room_work *work, struct err *e)
{
    struct arrival a = { .s = s, .work = work };
    enum err_code rc;

    begin_arrival(work);
    rc = decide_arrival(&a, e);
    work->join.link = NULL;
    if (rc == ERR_OK && work->tidy)
        rc = store_seat_prune_crowd(s, work->room_id, e);
    return rc == ERR_OK ? work_write_decision(s, work, e) : rc;
}

/* A ticket is valid only while the sign-in of its seat is. */
static enum err_code run_resume(struct store *s, struct room_work *work, struct err *e)
{
    enum err_code rc = store_session_live(s, work->decision.changes[0].seat.session_id, work->wall_ms, e);

    return rc == ERR_OK ? work_write_decision(s, work, e) : rc;
}

/* ---- on the shard, after the write ------- */

/* The client takes over the seat just written for it; an older client of the same seat is closed. */
static void replace_older(struct seat_session *seat)
{
    struct client *older = seat->client;

    if (!older)
        return;
    seat->pace = older->pace;
    older->owner = NULL;
    client_close(older, CLOSE_REPLACED, "replaced");
}

/* Sends the missing messages again (true), or a fresh picture with the chat lines for the seat. `anew`: its page has begun anew,
 * and its numbers as well; otherwise it has everything up to `seen_seq`. */
static bool go_on(struct seat_session *seat, bool anew, int64_t seen_seq)
{
    int64_t sent = seat_session_sent_seq(seat), last = seat->queue.last_seq;
    bool resumed = !anew && seat->known && resume_rewind(&seat->queue, seen_seq);

    seat->missed_from = -1;
    if (!resumed)
        resume_clear(&seat->queue);
    if (anew) {
        seat->queue = (struct resume){ 0 };
        seat->status = (struct seat_status){ 0 };
        seat->own = (struct numbers){ 0 };
    }
    if (!resumed)
        chat_again(seat, seat->known && seen_seq <= last ? seen_seq : 0, sent, anew);
    return resumed;
}

static void seat_client(struct room_work *work, struct seat_session *seat, bool anew)
{
    struct client *client = work->client;
    size_t bytes = seat->queue.bytes;
    bool resumed;

    seat_session_count_away(seat, 0);
    memset(seat->seen_by, 0, sizeof seat->seen_by);
    seat->seen_ms = 0;
    seat->signed_out = false;
    replace_older(seat);
    resumed = go_on(seat, anew, work->resume_seq);
    seat->added_ms = live_shard_mono_ms(seat->shard);
    numbers_settle(&seat->own);
    if (seat->known) /* otherwise a client that reconnects again and again could send without limit */
        client->pace = seat->pace;
    seat->known = true;
    seat->shard->ring_bytes += seat->queue.bytes - bytes;
    seat->confirm_due = !anew;
    seat->client = client;
    memcpy(client->session_id, seat->member->seat.session_id, ID_SIZE);
    memcpy(seat->member->site, work->site, sizeof seat->member->site);
    client_joined(client, &seat->owner, &seat->queue, picture_welcome(seat, work->ticket, resumed));
}

/* `participant` has the seat now, with its client, or without it if the client went during the write. */
static void take_seat(struct live_room *live, struct room_work *work, const char *participant, bool anew)
{
    struct room_events ev = { 0 };
    bool there = work->client != NULL;
    struct room_member *member;

    live_room_apply(live, &work->decision, &ev);
    if (there)
        seat_client(work, seat_session_of(room_find(&live->room, participant)), anew);
    coalesce_tell(live, &ev);
    member = there ? NULL : room_find(&live->room, participant);
    if (member && !seat_session_of(member)->client)
        presence_lost(seat_session_of(member));
}

static void applied_join(struct live_room *live, struct room_work *work)
{
    if (work->rules && live->room.view.revision == 0)
        room_view_set(&live->room.view, work->rules);
    take_seat(live, work, work->join.as.id, true);
    if (work->join.as.role == SEAT_HOST)
        live_rules_host_came(live);
}

static void applied_resume(struct live_room *live, struct room_work *work)
{
    take_seat(live, work, work->request.participant, false);
}

const struct room_work_kind WORK_JOIN = { prepare_join, run_join, applied_join };
const struct room_work_kind WORK_RESUME = { prepare_resume, run_resume, applied_resume };

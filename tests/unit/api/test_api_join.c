/* Joining: each person's role, and every reason for a refusal. */
#include "tests/unit/api/practice.h"

#include "api/guest.h"

static const struct answer *join(struct jar *who, const char *room, const char *body)
{
    return ask(who, "POST", path_to("/rooms/%s/join", room), "%s", body);
}

static const struct answer *come(struct jar *who, const char *room, const char *code, const char *more)
{
    return ask(who, "POST", path_to("/rooms/%s/join", room), "{'invitation':'%s'%s}", code, more);
}

static struct invitation invitation_of(const char *code)
{
    struct invitation i;
    uint8_t hash[HASH_BYTES];
    struct err e = { 0 };

    invitation_code_hash(code, hash);
    must(store_invitation_by_code(practice.store, hash, &i, &e), &e, "link");
    return i;
}

/* The landing page's view of the link. */
static const char *state_seen(struct jar *who, const char *code)
{
    return json_text(ask(who, "POST", "/invitations/lookup", "{'code':'%s'}", code)->json, "state", "");
}

/* As a host who blocks a guest does. */
static void block(const char *participant, const char *room, const char *code)
{
    struct invitation i = { .id = "" };
    int64_t until_ms = clock_wall_ms() + 86400000;
    struct err e = { 0 };

    if (code[0])
        i = invitation_of(code);

    must(store_write_begin(practice.store, &e), &e, "block");
    must(store_write_end(practice.store, store_block_add(practice.store, room, participant, i.id, until_ms, &e), &e),
         &e, "block");
}

static void put(const struct seat *s)
{
    struct err e = { 0 };

    must(store_write_begin(practice.store, &e), &e, "seat");
    must(store_write_end(practice.store, store_seat_put(practice.store, s, &e), &e), &e, "seat");
}

/* Puts a seat of this participant into the store, as a shard would. */
static void seat(const char *participant, const char *room, const char *code, enum seat_state state,
                 enum seat_role role, enum seat_end end, int64_t ended_ms)
{
    struct seat s = { .state = state, .role = role, .end = end, .ended_ms = ended_ms, .name = "Seated", .gen = 4 };
    struct invitation i = { .id = "" };

    if (code[0])
        i = invitation_of(code);
    str_copy(s.id, sizeof s.id, participant);
    str_copy(s.room_id, sizeof s.room_id, room);
    str_copy(s.invitation_id, sizeof s.invitation_id, i.id);
    put(&s);
}

/* A seat that was inside since `admitted_ms`, if ever, and ended because its connection was lost. */
static void lose(const char *participant, const char *room, int64_t admitted_ms, int64_t ended_ms)
{
    struct seat s = {
        .state = SEAT_ENDED, .end = END_EXPIRED, .admitted_ms = admitted_ms, .ended_ms = ended_ms, .gen = 1
    };

    str_copy(s.id, sizeof s.id, participant);
    str_copy(s.room_id, sizeof s.room_id, room);
    str_copy(s.name, sizeof s.name, "Lost");
    put(&s);
}

static struct token_claims claims_of(const struct answer *a)
{
    struct token_claims t;
    const char *token = json_text(a->json, "token", "");
    struct err e = { 0 };

    CHECK_INT(token_verify(&practice.ring, URL, token, strlen(token), clock_wall_ms(), &t, &e), ERR_OK);
    return t;
}

static void a_host_gets_a_token_of_the_account_and_relay_credentials(void)
{
    const char *room = room_of(&host, "");
    const struct answer *a = join(&host, room, "{}");
    struct token_claims t = claims_of(a);
    const json_t *ice = json_array_get(json_object_get(a->json, "ice_servers"), 0);

    CHECK_INT(a->status, 200);
    CHECK_STR(t.room, room);
    CHECK_STR(t.sub, json_text(a->json, "participant", ""));
    CHECK_STR(t.name, "Dr Rivera");
    CHECK_STR(t.user_id, host.id);
    CHECK(t.session_id[0] && !t.invitation_id[0]);
    CHECK_INT(t.role, SEAT_HOST);
    CHECK_INT(t.name_from, NAME_FROM_ACCOUNT);
    CHECK(t.grants & GRANT_MODERATE);
    CHECK(strstr(json_text(ice, "username", ""), t.sub) && json_text(ice, "credential", "")[0]);
    CHECK_STR(json_text(a->json, "ws", ""), path_to("/ws/%s", room));
    CHECK_STR(json_text(join(&host, room, "{}")->json, "participant", ""), t.sub);
}

static void a_guest_gets_neither_rights_nor_relay_and_keeps_the_seat_in_the_same_jar(void)
{
    const char *room = room_of(&host, ""), *code = link_to(&host, room, "'guest_name':'Gina'"), *id;
    struct jar guest = { 0 };
    const struct answer *a = come(&guest, room, code, "");
    struct token_claims t = claims_of(a);

    CHECK_INT(json_array_size(json_object_get(a->json, "ice_servers")), 0);
    CHECK_STR(json_text(a->json, "state", ""), "waiting");
    CHECK_INT(t.role, SEAT_GUEST);
    CHECK_STR(t.name, "Gina");
    CHECK_INT(t.name_from, NAME_FROM_INVITATION);
    CHECK(!(t.grants & GRANT_MODERATE) && !t.user_id[0] && !t.session_id[0] && t.invitation_id[0]);
    CHECK_INT(t.invitation_gen, 1);
    id = kept(a, "participant");
    CHECK_INT(strlen(guest.guest), SECRET_TEXT_SIZE - 1);
    CHECK_STR(json_text(come(&guest, room, code, ",'name':'Gigi'")->json, "participant", ""), id);
    CHECK_INT(claims_of(come(&guest, room, code, ",'name':'Gigi'")).name_from, NAME_FROM_SELF);
    CHECK_INT(recorded("invitation.use"), 1);
}

static void the_token_names_the_generation_of_the_seat(void)
{
    const char *room = room_of(&host, ""), *id = kept(join(&host, room, "{}"), "participant");

    seat(id, room, "", SEAT_ENDED, SEAT_HOST, END_LEFT, clock_wall_ms());
    CHECK_INT(claims_of(join(&host, room, "{}")).gen, 4);
}

static void being_admin_or_front_desk_opens_no_call(void)
{
    const char *room = room_of(&host, "");
    struct jar anyone = { 0 };

    CHECK_ANSWER(join(&admin, room, "{}"), 403, "not_host");
    CHECK_ANSWER(join(&desk, room, "{}"), 403, "forbidden");
    CHECK_ANSWER(join(&colleague, room, "{}"), 404, "not_found");
    CHECK_ANSWER(join(&anyone, room, "{'name':'Walk In'}"), 404, "not_found");
    CHECK_ANSWER(join(&anyone, "nowhere", "{'name':'Walk In'}"), 404, "not_found");
    CHECK(anyone.guest[0]); /* whatever was answered */
}

static void with_an_invitation_everybody_is_a_guest(void)
{
    const char *room = room_of(&host, ""), *code = link_to(&host, room, "");
    const struct answer *a = come(&admin, room, code, ",'name':'Visitor'");

    CHECK_STR(json_text(a->json, "role", ""), "guest");
    CHECK_STR(claims_of(a).user_id, "");
}

static void an_open_room_lets_guests_in_by_its_address(void)
{
    const char *room = room_of(&host, ",'access':'link'");
    struct jar a = { 0 }, b = { 0 };
    const char *one = kept(join(&a, room, "{'name':'A'}"), "participant");

    CHECK_STR(json_text(join(&a, room, "{'name':'A'}")->json, "participant", ""), one);
    CHECK(strcmp(json_text(join(&b, room, "{'name':'B'}")->json, "participant", ""), one) != 0);
    CHECK_STR(json_text(join(&colleague, room, "{'name':'C'}")->json, "role", ""), "guest");
    CHECK_STR(json_text(join(&host, room, "{}")->json, "role", ""), "host");
}

static void a_code_is_valid_for_its_own_room_only(void)
{
    const char *room = room_of(&host, ""), *other = room_of(&host, ""), *code = link_to(&host, room, "");
    struct jar guest = { 0 };

    CHECK_ANSWER(come(&guest, other, code, ",'name':'G'"), 404, "unknown_code");
    CHECK_ANSWER(come(&guest, room, "aaaaaaaaaaaaaaaaaaaaaaaaaa", ",'name':'G'"), 404, "unknown_code");
    CHECK_ANSWER(come(&guest, room, "not a code", ",'name':'G'"), 404, "unknown_code");
}

static void a_name_is_required_clean_and_not_a_hosts(void)
{
    const char *room = room_of(&host, path_to(",'cohosts':['%s']", colleague.id)), *code = link_to(&host, room, "");
    struct jar guest = { 0 };
    int uses = recorded("invitation.use");
    const struct answer *a = come(&guest, room, code, "");

    CHECK_ANSWER(a, 422, "name_required");
    CHECK_STR(a->field, "name");
    CHECK(guest.guest[0]);
    CHECK_ANSWER(come(&guest, room, code, ",'name':'dr.rivera'"), 422, "name_taken");
    CHECK_ANSWER(come(&guest, room, code, ",'name':'DR OSEI'"), 422, "name_taken");
    CHECK_STR(come(&guest, room, code, ",'name':'a\\u001bb'")->field, "name");
    CHECK_INT(recorded("invitation.use"), uses); /* a refused join counts nothing */
}

static void consent_must_be_to_the_text_in_force(void)
{
    const char *room = room_of(&host, ",'consent_text':'One'"), *code = link_to(&host, room, "");
    struct jar guest = { 0 };
    const struct answer *a = come(&guest, room, code, ",'name':'G'");

    CHECK_ANSWER(a, 422, "consent_required");
    CHECK_STR(a->field, "consent");
    ask(&host, "PATCH", path_to("/rooms/%s", room), "{'consent_text':'Two'}");
    CHECK_ANSWER(come(&guest, room, code, ",'name':'G','consent':{'version':1}"), 422, "consent_outdated");
    CHECK_ANSWER(come(&guest, room, code, ",'name':'G','consent':{'version':2}"), 200, "");
    CHECK_ANSWER(come(&guest, room, code, ",'name':'G','consent':{'version':'2'}"), 200, "");
}

static void a_locked_room_refuses_newcomers_and_keeps_its_seats(void)
{
    const char *room = room_of(&host, ",'pin':'4711'"), *code = link_to(&host, room, ""), *id;
    struct jar guest = { 0 }, other = { 0 };

    id = kept(come(&guest, room, code, ",'name':'G','pin':'4711'"), "participant");
    seat(id, room, code, SEAT_WAITING_AWAY, SEAT_GUEST, END_NONE, 0);
    ask(&host, "PATCH", path_to("/rooms/%s", room), "{'locked':true}");
    CHECK_ANSWER(come(&other, room, code, ",'name':'O','pin':'4711'"), 423, "room_locked");
    CHECK(other.guest[0]);
    CHECK_ANSWER(come(&guest, room, code, ""), 200, ""); /* neither PIN nor name again */
    CHECK_STR(json_text(come(&guest, room, code, "")->json, "name", ""), "Seated");
}

static const struct answer *try_pin(const char *room, const char *code, const char *pin)
{
    char body[60];
    struct jar fresh = { 0 };

    snprintf(body, sizeof body, ",'name':'G','pin':'%s'", pin);
    return come(&fresh, room, code, body);
}

static void five_wrong_pins_lock_a_link_from_one_place_and_twenty_leave_each_one_try(void)
{
    const char *room = room_of(&host, ",'pin':'4711'"), *code;
    struct jar guest = { 0 };

    code = link_to(&host, room, "'max_uses':50");
    CHECK_ANSWER(come(&guest, room, code, ",'name':'G'"), 403, "pin_required");
    for (int link = 0; link < 4; link++) {
        for (int i = 0; i < 5; i++)
            CHECK_ANSWER(try_pin(room, code, "0000"), 403, "wrong_pin");
        CHECK_ANSWER(try_pin(room, code, "4711"), 429, "pin_locked"); /* cookies or not */
        code = link_to(&host, room, "'max_uses':50");
    }
    CHECK_ANSWER(try_pin(room, code, "0000"), 403, "wrong_pin");
    CHECK_ANSWER(try_pin(room, code, "4711"), 429, "pin_locked");
    CHECK_ANSWER(try_pin(room, link_to(&host, room, ""), "4711"), 200, "");
}

static void a_declined_guest_may_ask_again_after_a_minute(void)
{
    const char *room = room_of(&host, ""), *code = link_to(&host, room, ""), *id;
    struct jar guest = { 0 };
    const struct answer *a;

    id = kept(come(&guest, room, code, ",'name':'G'"), "participant");
    seat(id, room, code, SEAT_ENDED, SEAT_GUEST, END_DENIED, clock_wall_ms() - 50000);
    a = come(&guest, room, code, ",'name':'G'");
    CHECK_ANSWER(a, 429, "too_soon");
    seat(id, room, code, SEAT_ENDED, SEAT_GUEST, END_DENIED, clock_wall_ms() - 61000);
    CHECK_ANSWER(come(&guest, room, code, ",'name':'G'"), 200, "");
    seat(id, room, code, SEAT_ENDED, SEAT_GUEST, END_LEFT, clock_wall_ms());
    CHECK_ANSWER(come(&guest, room, code, ",'name':'G'"), 200, "");
}

static void a_blocked_guest_stays_out_with_jar_and_with_link(void)
{
    const char *room = room_of(&host, ""), *code = link_to(&host, room, ""), *id;
    struct jar guest = { 0 }, again = { 0 };

    id = kept(come(&guest, room, code, ",'name':'G'"), "participant");
    block(id, room, code);
    CHECK_ANSWER(come(&guest, room, code, ",'name':'G'"), 403, "blocked");
    CHECK_ANSWER(come(&again, room, code, ",'name':'G'"), 403, "blocked");
}

static void a_block_follows_the_jar_to_other_links_and_to_the_address_of_the_room(void)
{
    const char *room = room_of(&host, ",'access':'link'"), *elsewhere = room_of(&host, ",'access':'link'"),
               *shared = link_to(&host, room, "'max_uses':3"), *own = link_to(&host, room, ""),
               *others = link_to(&host, room, "");
    struct jar bad = { 0 }, fellow = { 0 };

    CHECK_ANSWER(come(&fellow, room, shared, ",'name':'F'"), 200, "");
    block(kept(come(&bad, room, shared, ",'name':'B'"), "participant"), room, shared);
    CHECK_ANSWER(come(&bad, room, own, ",'name':'B'"), 403, "blocked");
    CHECK_ANSWER(join(&bad, room, "{'name':'B'}"), 403, "blocked");
    CHECK_ANSWER(join(&bad, elsewhere, "{'name':'B'}"), 200, "");
    CHECK_ANSWER(come(&fellow, room, shared, ",'name':'F'"), 403, "blocked"); /* the link, not the person */
    CHECK_ANSWER(come(&fellow, room, others, ",'name':'F'"), 200, "");
    CHECK_ANSWER(join(&fellow, room, "{'name':'F'}"), 200, "");
}

static void a_block_at_the_address_of_a_room_follows_the_jar_to_its_links(void)
{
    const char *room = room_of(&host, ",'access':'link'"), *code = link_to(&host, room, "");
    struct jar bad = { 0 }, good = { 0 };

    block(kept(join(&bad, room, "{'name':'B'}"), "participant"), room, "");
    CHECK_ANSWER(join(&bad, room, "{'name':'B'}"), 403, "blocked");
    CHECK_ANSWER(come(&bad, room, code, ",'name':'B'"), 403, "blocked");
    CHECK_ANSWER(join(&good, room, "{'name':'G'}"), 200, "");
    CHECK_ANSWER(come(&good, room, code, ",'name':'G'"), 200, "");
}

/* The participant that this jar is with the link of this code. */
static const char *guest_id(const struct jar *guest, const char *room, const char *code, char id[ID_SIZE])
{
    struct invitation i = invitation_of(code);
    uint8_t hash[HASH_BYTES];

    crypto_digest(guest->guest, strlen(guest->guest), hash);
    seat_id_of_guest(practice.keys.participant, room, i.id, hash, id);
    return id;
}

/* The call runs longer than the link lives, and the page is loaded again. */
static void a_seated_guest_goes_on_when_the_link_has_expired(void)
{
    static const char CODE[] = "bbbbbbbbbbbbbbbbbbbbbbbbbe";
    const char *room = room_of(&host, "");
    struct invitation i = { .id = "expired", .generation = 1, .max_uses = 1, .expires_ms = clock_wall_ms() };
    struct jar guest = { 0 }, other = { 0 };
    char id[ID_SIZE];
    struct err e = { 0 };

    str_copy(i.room_id, sizeof i.room_id, room);
    invitation_code_hash(CODE, i.code_hash);
    must(store_write_begin(practice.store, &e), &e, "link");
    must(store_write_end(practice.store, store_invitation_add(practice.store, &i, &e), &e), &e, "link");
    CHECK_ANSWER(come(&guest, room, CODE, ",'name':'G'"), 403, "invitation_expired");
    seat(guest_id(&guest, room, CODE, id), room, CODE, SEAT_AWAY, SEAT_GUEST, END_NONE, 0);
    CHECK_STR(json_text(come(&guest, room, CODE, "")->json, "participant", ""), id);
    CHECK_STR(state_seen(&guest, CODE), "valid");
    CHECK_ANSWER(come(&other, room, CODE, ",'name':'O'"), 403, "invitation_expired");
    CHECK_STR(state_seen(&other, CODE), "expired");
    seat(id, room, CODE, SEAT_ENDED, SEAT_GUEST, END_LEFT, clock_wall_ms());
    CHECK_STR(state_seen(&guest, CODE), "expired");
    seat(id, room, CODE, SEAT_AWAY, SEAT_GUEST, END_NONE, 0);
    ask(&host, "DELETE", "/invitations/expired", "%s", "");
    CHECK_STR(state_seen(&guest, CODE), "revoked");
}

/* One of several who came by a link is blocked: the others keep their seats. */
static void a_block_on_a_link_for_several_leaves_seated_guests(void)
{
    const char *room = room_of(&host, ""), *code = link_to(&host, room, "'max_uses':3");
    struct jar bad = { 0 }, good = { 0 }, late = { 0 };
    char id[ID_SIZE];

    block(kept(come(&bad, room, code, ",'name':'B'"), "participant"), room, code);
    CHECK_ANSWER(come(&good, room, code, ",'name':'G'"), 403, "blocked");
    seat(guest_id(&good, room, code, id), room, code, SEAT_INSIDE, SEAT_GUEST, END_NONE, 0);
    CHECK_ANSWER(come(&good, room, code, ""), 200, "");
    CHECK_ANSWER(come(&bad, room, code, ",'name':'B'"), 403, "blocked");
    CHECK_ANSWER(come(&late, room, code, ",'name':'L'"), 403, "blocked");
}

/* Lost for more than two minutes, for five more the same identity is not a newcomer while a host is inside. */
static void a_guest_lost_a_moment_ago_is_not_treated_as_a_newcomer(void)
{
    const char *room = room_of(&host, ",'pin':'4711','waiting_room':false,'max_participants':2,'consent_text':'One'"),
               *code = link_to(&host, room, "'max_uses':3"), *host_id, *id;
    const char *with_all = ",'name':'G','pin':'4711','consent':{'version':1}";
    int64_t now_ms = clock_wall_ms();
    struct jar guest = { 0 }, other = { 0 };

    id = kept(come(&guest, room, code, with_all), "participant");
    host_id = kept(join(&host, room, "{}"), "participant");
    CHECK_INT(ask(&host, "PATCH", path_to("/rooms/%s", room), "{'locked':true}")->status, 200);
    lose(id, room, now_ms - 600000, now_ms - 200000);
    CHECK_ANSWER(come(&guest, room, code, with_all), 423, "room_locked"); /* no host is inside */
    seat(host_id, room, "", SEAT_INSIDE, SEAT_HOST, END_NONE, 0);
    seat("somebody", room, "", SEAT_INSIDE, SEAT_GUEST, END_NONE, 0); /* and so it is full */
    CHECK_ANSWER(come(&guest, room, code, ""), 200, "");
    CHECK_STR(json_text(come(&guest, room, code, "")->json, "name", ""), "Lost");
    CHECK_ANSWER(come(&other, room, code, with_all), 423, "room_locked");
    block("somebody", room, code);
    CHECK_ANSWER(come(&guest, room, code, ""), 200, ""); /* another's doing */
    lose(id, room, now_ms - 600000, now_ms - 310000);
    CHECK_ANSWER(come(&guest, room, code, with_all), 403, "blocked");
    lose(id, room, 0, now_ms - 200000); /* only waited */
    CHECK_ANSWER(come(&guest, room, code, with_all), 403, "blocked");
    lose(id, room, now_ms - 600000, now_ms - 200000);
    block(id, room, code);
    CHECK_ANSWER(come(&guest, room, code, with_all), 403, "blocked");
}

static void a_full_room_refuses_guests_who_would_enter_at_once(void)
{
    const char *room = room_of(&host, path_to(",'max_participants':2,'cohosts':['%s']", colleague.id)),
               *code = link_to(&host, room, ""), *id;
    struct jar guest = { 0 };

    id = kept(join(&host, room, "{}"), "participant");
    seat(id, room, "", SEAT_INSIDE, SEAT_HOST, END_NONE, 0);
    seat("somebody", room, "", SEAT_AWAY, SEAT_GUEST, END_NONE, 0);
    CHECK_ANSWER(join(&colleague, room, "{}"), 409, "room_full");
    CHECK_ANSWER(join(&host, room, "{}"), 200, "");                 /* has a seat */
    CHECK_ANSWER(come(&guest, room, code, ",'name':'G'"), 200, ""); /* waiting guests do not count */
    ask(&host, "PATCH", path_to("/rooms/%s", room), "{'waiting_room':false}");
    CHECK_ANSWER(come(&guest, room, code, ",'name':'G'"), 409, "room_full");
}

static void another_jar_with_a_one_person_link_is_another_participant(void)
{
    const char *room = room_of(&host, ""), *code = link_to(&host, room, ""), *id, *other;
    struct jar a = { 0 }, b = { 0 }, c = { 0 };

    id = kept(come(&a, room, code, ",'name':'A'"), "participant");
    other = kept(come(&b, room, code, ",'name':'B'"), "participant");
    CHECK(strcmp(id, other) != 0);
    seat(id, room, code, SEAT_INSIDE, SEAT_GUEST, END_NONE, 0);
    seat(other, room, code, SEAT_WAITING, SEAT_GUEST, END_NONE, 0);
    seat("third", room, code, SEAT_WAITING, SEAT_GUEST, END_NONE, 0);
    CHECK_ANSWER(come(&c, room, code, ",'name':'C'"), 403, "invitation_used"); /* not without end */
    CHECK_ANSWER(come(&b, room, code, ",'name':'B'"), 200, "");
}

/* Otherwise anybody with one link could fill the record and the disk. */
static void a_one_person_link_does_not_take_new_jars_without_end(void)
{
    const char *room = room_of(&host, ""), *code = link_to(&host, room, "");
    struct jar first = { 0 }, late = { 0 };
    uint8_t hash[HASH_BYTES];
    struct invitation i = invitation_of(code);
    struct err e = { 0 };
    enum err_code rc = ERR_OK;

    CHECK_ANSWER(come(&first, room, code, ",'name':'A'"), 200, "");
    must(store_write_begin(practice.store, &e), &e, "uses");
    for (int n = 1; n < INVITATION_JARS_EVER && rc == ERR_OK; n++) {
        crypto_random(hash, sizeof hash);
        rc = store_invitation_use(practice.store, i.id, hash, clock_wall_ms(), &e);
    }
    must(store_write_end(practice.store, rc, &e), &e, "uses");
    CHECK_ANSWER(come(&late, room, code, ",'name':'B'"), 403, "invitation_used");
    CHECK_ANSWER(come(&first, room, code, ",'name':'A'"), 200, "");
}

static void a_link_for_two_lets_two_in(void)
{
    const char *room = room_of(&host, ""), *code = link_to(&host, room, "'max_uses':2");
    struct jar jars[3] = { 0 };

    CHECK_ANSWER(come(&jars[0], room, code, ",'name':'A'"), 200, "");
    CHECK_ANSWER(come(&jars[1], room, code, ",'name':'B'"), 200, "");
    CHECK_ANSWER(come(&jars[2], room, code, ",'name':'C'"), 403, "invitation_used");
    CHECK_ANSWER(come(&jars[0], room, code, ",'name':'A'"), 200, "");
}

/* The code was looked up before the link was renewed, and its use is counted afterwards. */
static void a_link_renewed_meanwhile_counts_no_use_and_gives_no_token(void)
{
    const char *room = room_of(&host, ""), *code = link_to(&host, room, "");
    struct call c = { .store = practice.store, .now_ms = clock_wall_ms() };
    struct entry x = { .identified = true };
    struct err e = { 0 };

    CHECK_INT(guest_invitation_by_code(practice.store, code, &x.invitation, &e), ERR_OK);
    CHECK_INT(ask(&host, "POST", path_to("/invitations/%s/renew", x.invitation.id), "{}")->status, 200);
    must(store_write_begin(practice.store, &e), &e, "count");
    CHECK_INT(store_write_end(practice.store, guest_count_use(&c, &x, &e), &e), ERR_NOT_FOUND);
    CHECK_STR(e.code, "unknown_code");
    CHECK_INT(x.invitation.uses, 0);
}

static void the_dashboard_gets_a_token_of_its_own(void)
{
    const struct answer *a = ask(&desk, "POST", "/desk/join", "{}");
    struct token_claims t = claims_of(a);

    CHECK_STR(t.room, "@desk");
    CHECK_STR(t.sub, desk.id);
    CHECK_STR(t.user_id, desk.id);
    CHECK(t.session_id[0] && !(t.grants & GRANT_MODERATE));
    CHECK_STR(json_text(a->json, "ws", ""), "/ws/@desk");
}

static const struct check_test TESTS[] = {
    TEST(a_host_gets_a_token_of_the_account_and_relay_credentials),
    TEST(a_guest_gets_neither_rights_nor_relay_and_keeps_the_seat_in_the_same_jar),
    TEST(the_token_names_the_generation_of_the_seat),
    TEST(being_admin_or_front_desk_opens_no_call),
    TEST(with_an_invitation_everybody_is_a_guest),
    TEST(an_open_room_lets_guests_in_by_its_address),
    TEST(a_code_is_valid_for_its_own_room_only),
    TEST(a_name_is_required_clean_and_not_a_hosts),
    TEST(consent_must_be_to_the_text_in_force),
    TEST(a_locked_room_refuses_newcomers_and_keeps_its_seats),
    TEST(five_wrong_pins_lock_a_link_from_one_place_and_twenty_leave_each_one_try),
    TEST(a_declined_guest_may_ask_again_after_a_minute),
    TEST(a_blocked_guest_stays_out_with_jar_and_with_link),
    TEST(a_block_follows_the_jar_to_other_links_and_to_the_address_of_the_room),
    TEST(a_block_at_the_address_of_a_room_follows_the_jar_to_its_links),
    TEST(a_seated_guest_goes_on_when_the_link_has_expired),
    TEST(a_block_on_a_link_for_several_leaves_seated_guests),
    TEST(a_guest_lost_a_moment_ago_is_not_treated_as_a_newcomer),
    TEST(a_full_room_refuses_guests_who_would_enter_at_once),
    TEST(another_jar_with_a_one_person_link_is_another_participant),
    TEST(a_one_person_link_does_not_take_new_jars_without_end),
    TEST(a_link_for_two_lets_two_in),
    TEST(a_link_renewed_meanwhile_counts_no_use_and_gives_no_token),
    TEST(the_dashboard_gets_a_token_of_its_own),
    { 0 },
};

PRACTICE_MAIN(TESTS, NULL)

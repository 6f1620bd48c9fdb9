#include "domain/seat.h"

#include "util/str.h"

#define PARTICIPANT_BYTES 16

static void keyed_id(const uint8_t key[KEY_BYTES], const char *const *parts, size_t count, char id[ID_SIZE])
{
    uint8_t bytes[PARTICIPANT_BYTES];

    crypto_keyed(key, parts, count, bytes, sizeof bytes);
    str_base32(id, bytes, sizeof bytes);
}

void seat_id_of_user(const uint8_t key[KEY_BYTES], const char *room_id, const char *user_id, char id[ID_SIZE])
{
    const char *parts[] = { "user", room_id, user_id };

    keyed_id(key, parts, 3, id);
}

void seat_id_of_guest(const uint8_t key[KEY_BYTES], const char *room_id, const char *invitation_id,
                      const uint8_t guest_hash[HASH_BYTES], char id[ID_SIZE])
{
    char hash[STR_HEX_SIZE(HASH_BYTES)];
    const char *parts[] = { "guest", room_id, invitation_id, hash };

    str_hex(hash, guest_hash, HASH_BYTES);
    keyed_id(key, parts, 4, id);
}

/* All other moves are refused. The two waiting rows and the two inside rows differ only in whether there is a
 * connection; only an ended seat can be taken anew, and only by a join. */
static const enum seat_state NEXT[SEAT_STATES][SEAT_EVENTS] = {
    [SEAT_NONE] = { [ON_JOIN] = SEAT_WAITING },
    [SEAT_WAITING] = { [ON_JOIN] = SEAT_WAITING,
                       [ON_RESUME] = SEAT_WAITING,
                       [ON_ADMIT] = SEAT_INSIDE,
                       [ON_HOLD] = SEAT_WAITING,
                       [ON_DENY] = SEAT_ENDED,
                       [ON_REMOVE] = SEAT_ENDED,
                       [ON_LEAVE] = SEAT_ENDED,
                       [ON_END] = SEAT_ENDED,
                       [ON_SOCKET_LOST] = SEAT_WAITING_AWAY,
                       [ON_REPLACED] = SEAT_ENDED,
                       [ON_REVOKED] = SEAT_ENDED },
    [SEAT_WAITING_AWAY] = { [ON_JOIN] = SEAT_WAITING,
                            [ON_RESUME] = SEAT_WAITING,
                            [ON_ADMIT] = SEAT_AWAY,
                            [ON_HOLD] = SEAT_WAITING_AWAY,
                            [ON_DENY] = SEAT_ENDED,
                            [ON_REMOVE] = SEAT_ENDED,
                            [ON_LEAVE] = SEAT_ENDED,
                            [ON_END] = SEAT_ENDED,
                            [ON_TIMEOUT] = SEAT_ENDED,
                            [ON_REPLACED] = SEAT_ENDED,
                            [ON_REVOKED] = SEAT_ENDED },
    [SEAT_INSIDE] = { [ON_JOIN] = SEAT_INSIDE,
                      [ON_RESUME] = SEAT_INSIDE,
                      [ON_RETURN] = SEAT_WAITING,
                      [ON_REMOVE] = SEAT_ENDED,
                      [ON_LEAVE] = SEAT_ENDED,
                      [ON_END] = SEAT_ENDED,
                      [ON_SOCKET_LOST] = SEAT_AWAY,
                      [ON_REPLACED] = SEAT_ENDED },
    [SEAT_AWAY] = { [ON_JOIN] = SEAT_INSIDE,
                    [ON_RESUME] = SEAT_INSIDE,
                    [ON_RETURN] = SEAT_WAITING_AWAY,
                    [ON_REMOVE] = SEAT_ENDED,
                    [ON_LEAVE] = SEAT_ENDED,
                    [ON_END] = SEAT_ENDED,
                    [ON_TIMEOUT] = SEAT_ENDED,
                    [ON_REPLACED] = SEAT_ENDED },
    [SEAT_ENDED] = { [ON_JOIN] = SEAT_WAITING },
};

enum seat_state seat_next(enum seat_state state, enum seat_event event)
{
    return NEXT[state][event];
}

bool seat_is_open(enum seat_state state)
{
    return state != SEAT_NONE && state != SEAT_ENDED;
}

bool seat_is_inside(enum seat_state state)
{
    return state == SEAT_INSIDE || state == SEAT_AWAY;
}

bool seat_is_waiting(enum seat_state state)
{
    return state == SEAT_WAITING || state == SEAT_WAITING_AWAY;
}

const char *seat_state_name(enum seat_state state)
{
    static const char *const NAMES[SEAT_STATES] = {
        [SEAT_NONE] = "none",     [SEAT_WAITING] = "waiting", [SEAT_WAITING_AWAY] = "waiting",
        [SEAT_INSIDE] = "inside", [SEAT_AWAY] = "away",       [SEAT_ENDED] = "ended",
    };

    return NAMES[state];
}

const char *seat_end_name(enum seat_end end)
{
    static const char *const NAMES[SEAT_ENDS] = {
        [END_NONE] = "none",         [END_LEFT] = "left",
        [END_DENIED] = "denied",     [END_REMOVED] = "removed",
        [END_ENDED] = "ended",       [END_EXPIRED] = "expired",
        [END_REPLACED] = "replaced", [END_REVOKED] = "invitation_revoked",
    };

    return NAMES[end];
}

#include "domain/seat.h"

/* What is not listed is refused. The two waiting rows and the two inside rows differ only in whether there is a
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
                       [ON_REPLACED] = SEAT_ENDED },
    [SEAT_WAITING_AWAY] = { [ON_JOIN] = SEAT_WAITING,
                            [ON_RESUME] = SEAT_WAITING,
                            [ON_ADMIT] = SEAT_AWAY,
                            [ON_HOLD] = SEAT_WAITING_AWAY,
                            [ON_DENY] = SEAT_ENDED,
                            [ON_REMOVE] = SEAT_ENDED,
                            [ON_LEAVE] = SEAT_ENDED,
                            [ON_END] = SEAT_ENDED,
                            [ON_TIMEOUT] = SEAT_ENDED,
                            [ON_REPLACED] = SEAT_ENDED },
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
        [END_NONE] = "none",   [END_LEFT] = "left",       [END_DENIED] = "denied",     [END_REMOVED] = "removed",
        [END_ENDED] = "ended", [END_EXPIRED] = "expired", [END_REPLACED] = "replaced",
    };

    return NAMES[end];
}

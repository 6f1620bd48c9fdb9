/* room_rules.h - the rules of a room: its stored part, known to the store, the API and the shard.
 * A plain value; the people inside are in domain/room.h. */
#ifndef DOMAIN_ROOM_RULES_H
#define DOMAIN_ROOM_RULES_H

#include <stdbool.h>
#include <stdint.h>
#include "domain/id.h"
#include "domain/permission.h"

enum room_kind { ROOM_MEETING, ROOM_RECEPTION, ROOM_KINDS };
enum room_access { ROOM_INVITED, ROOM_LINK, ROOM_ACCESSES };
enum room_topology { TOPOLOGY_AUTO, TOPOLOGY_P2P, TOPOLOGY_SFU, TOPOLOGY_MIXED, TOPOLOGIES };

#define ROOM_COHOSTS_MAX 16
#define ROOM_PARTICIPANTS_MAX 12    /* default of max_participants */
#define ROOM_PARTICIPANTS_LIMIT 100 /* greatest value that may be requested */
#define ROOM_P2P_MAX 4              /* greatest number of people while there is no media server */
#define CONSENT_SIZE 4096

/* The switches of a room, each once: its name, its value in a new room, and its text for openapi.json. The struct, the API, `room`
 * of the protocol and the page's columns follow from a line; its effect is up to the code that reads it. */
#define ROOM_SWITCHES(X)                                                                                               \
    X(waiting_room, true, "guests wait until a host admits them; default true")                                        \
    X(locked, false, "newcomers are refused")                                                                          \
    X(relay_only, false, "media goes through the relay only, so that addresses stay hidden")                           \
    X(guests_may_stay, false, "guests stay inside when the last host leaves")
#define ROOM_SWITCH_FIELD(name, by_default, help) bool name;
/* Between any two structs that hold them. */
#define ROOM_SWITCH_COPY(name, by_default, help) copy_to->name = copy_from->name;
#define ROOM_COPY_SWITCHES(to, from)                                                                                   \
    do {                                                                                                               \
        __typeof__(to) copy_to = (to);                                                                                 \
        const __typeof__(*(from)) *copy_from = (from);                                                                 \
        ROOM_SWITCHES(ROOM_SWITCH_COPY)                                                                                \
    } while (0)

struct room_rules {
    char id[ID_SIZE];
    char owner_id[ID_SIZE];
    char owner_name[NAME_SIZE]; /* filled by the store from the owner's account */
    char cohosts[ROOM_COHOSTS_MAX][ID_SIZE];
    int cohost_count;
    char name[NAME_SIZE];
    char slug[SLUG_SIZE]; /* unique, lower case */
    enum room_kind kind;
    enum room_access access;
    enum room_topology topology;
    int max_participants; /* inside and away; waiting people do not count */
    ROOM_SWITCHES(ROOM_SWITCH_FIELD)
    bool has_pin;
    uint8_t pin_hash[HASH_BYTES];    /* keyed BLAKE2b of room id and PIN; never leaves the server */
    int64_t created_ms;              /* wall clock */
    int64_t revision;                /* rises with each change; the etag */
    int64_t consent_version;         /* counts changes of the text; consent is required while the text is not empty */
    char consent_text[CONSENT_SIZE]; /* "" when there is none */
};

const char *room_kind_name(enum room_kind kind);
const char *room_access_name(enum room_access access);
const char *room_topology_name(enum room_topology topology);
bool room_topology_from_name(const char *name, enum room_topology *topology);
/* This user's part: owner, co-host or none. */
enum room_part room_rules_part(const struct room_rules *rules, const char *user_id);
/* How many people the media path allows inside at once: ROOM_P2P_MAX while it is peer to peer. */
int room_rules_capacity_max(const struct room_rules *rules);
/* How many may be inside at once: max_participants, within that limit. The setting itself is kept, so that it applies with groups. */
int room_rules_capacity(const struct room_rules *rules);
/* "Hill Clinic – Dr Rivera" → "hill-clinic-dr-rivera"; "" when nothing usable is left. */
void room_slug_from_name(const char *name, char slug[SLUG_SIZE]);
bool room_slug_valid(const char *slug); /* a-z 0-9 and single '-', 2..63, not of the form of an id */

#endif

#include "domain/room_rules.h"

#include <string.h>

#include "domain/fold.h"
#include "util/str.h"

static const char *const KIND_NAMES[ROOM_KINDS] = { [ROOM_MEETING] = "meeting", [ROOM_RECEPTION] = "reception" };
static const char *const ACCESS_NAMES[ROOM_ACCESSES] = { [ROOM_INVITED] = "invited", [ROOM_LINK] = "link" };
static const char *const TOPOLOGY_NAMES[TOPOLOGIES] = {
    [TOPOLOGY_AUTO] = "auto", [TOPOLOGY_P2P] = "p2p", [TOPOLOGY_SFU] = "sfu", [TOPOLOGY_MIXED] = "mixed"
};

const char *room_kind_name(enum room_kind kind)
{
    return KIND_NAMES[kind];
}

const char *room_access_name(enum room_access access)
{
    return ACCESS_NAMES[access];
}

const char *room_topology_name(enum room_topology topology)
{
    return TOPOLOGY_NAMES[topology];
}

bool room_topology_from_name(const char *name, enum room_topology *topology)
{
    for (int i = 0; i < TOPOLOGIES; i++) {
        if (strcmp(TOPOLOGY_NAMES[i], name) == 0) {
            *topology = (enum room_topology)i;
            return true;
        }
    }
    return false;
}

enum room_part room_rules_part(const struct room_rules *rules, const char *user_id)
{
    if (user_id[0] == '\0')
        return PART_NONE;
    if (strcmp(rules->owner_id, user_id) == 0)
        return PART_OWNER;
    for (int i = 0; i < rules->cohost_count; i++)
        if (strcmp(rules->cohosts[i], user_id) == 0)
            return PART_COHOST;
    return PART_NONE;
}

int room_rules_capacity_max(const struct room_rules *rules)
{
    bool peer_to_peer = rules->topology == TOPOLOGY_P2P || rules->topology == TOPOLOGY_AUTO;

    return peer_to_peer ? ROOM_P2P_MAX : ROOM_PARTICIPANTS_LIMIT;
}

int room_rules_capacity(const struct room_rules *rules)
{
    int max = room_rules_capacity_max(rules);

    return rules->max_participants < max ? rules->max_participants : max;
}

static bool slug_letter(uint32_t point)
{
    return (point >= 'a' && point <= 'z') || (point >= '0' && point <= '9');
}

void room_slug_from_name(const char *name, char slug[SLUG_SIZE])
{
    size_t n = 0;
    bool gap = false; /* an unusable character preceded this letter */
    uint32_t point;

    while ((point = str_next_codepoint(&name)) && n + 2 < SLUG_SIZE) {
        uint32_t letter = fold_letter(point);

        if (!slug_letter(letter)) {
            gap = gap || (letter != '\'' && letter != 0x2019); /* "O'Neill" stays one word */
            continue;
        }
        if (gap && n > 0)
            slug[n++] = '-';
        gap = false;
        slug[n++] = (char)letter;
    }
    slug[n] = '\0';
    if (!room_slug_valid(slug))
        slug[0] = '\0';
}

/* An address names a room by id or slug, so no slug may look like an id. */
static bool looks_like_id(const char *slug)
{
    return strlen(slug) == 26 && strspn(slug, "abcdefghijklmnopqrstuvwxyz234567") == 26;
}

bool room_slug_valid(const char *slug)
{
    size_t len = strlen(slug);

    if (len < 2 || len >= SLUG_SIZE || slug[0] == '-' || slug[len - 1] == '-' || strstr(slug, "--") ||
        looks_like_id(slug))
        return false;
    for (const char *p = slug; *p; p++)
        if (!slug_letter((unsigned char)*p) && *p != '-')
            return false;
    return true;
}

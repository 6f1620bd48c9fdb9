/* store_seats.h - seats as rows, and visits. Written by the shards' jobs; read by HTTP join. See store.h for threads. */
#ifndef STORE_STORE_SEATS_H
#define STORE_STORE_SEATS_H

#include "domain/room_rules.h"
#include "domain/seat.h"
#include "store/store.h"

struct block_list {
    struct block *items; /* heap; free with block_list_clear() */
    size_t count;
};

struct seat_list {
    struct seat *items; /* heap; free with seat_list_clear() */
    size_t count;
};

/* ERR_NOT_FOUND when this participant never had a seat. */
MUST_CHECK enum err_code store_seat_find(struct store *store, const char *participant_id, struct seat *out,
                                         struct err *e);
/* Inserts or replaces the whole row. Inside a write. ERR_NOT_FOUND when the room is gone. */
MUST_CHECK enum err_code store_seat_put(struct store *store, const struct seat *seat, struct err *e);
/* How many people are inside or away, and how many of them are hosts (state inside/away). */
MUST_CHECK enum err_code store_seat_count_inside(struct store *store, const char *room_id, int *inside, int *hosts,
                                                 struct err *e);
/* When the seat of a host of this room last ended because the connection was lost, and was not taken again; 0: none. */
MUST_CHECK enum err_code store_seat_host_lost(struct store *store, const char *room_id, int64_t *at_ms, struct err *e);
/* Voids the admission of people whose seat in this room ended for a lost connection at `since_ms` or later. Inside a write.
 * `ended`: the visit is over, for hosts too, and these seats end for that reason; otherwise only guests, who may wait. */
MUST_CHECK enum err_code store_seat_no_return(struct store *store, const char *room_id, bool ended, int64_t since_ms,
                                              struct err *e);
/* Open seats of a room; `crowd`: those that wait as part of a crowd. */
MUST_CHECK enum err_code store_seat_count_open(struct store *store, const char *room_id, bool crowd, int *open,
                                               struct err *e);
/* Deletes, inside a write, some crowd seats that ended long ago without having been let in or sent away: a person who comes
 * again and again from new cookie jars leaves no more than about a thousand rows. */
MUST_CHECK enum err_code store_seat_prune_crowd(struct store *store, const char *room_id, struct err *e);
/* Every open seat of every room, by room: for the start. */
MUST_CHECK enum err_code store_seat_list_open(struct store *store, struct seat_list *out, struct err *e);
/* Open ones, in no order. */
MUST_CHECK enum err_code store_seat_list_room(struct store *store, const char *room_id, struct seat_list *out,
                                              struct err *e);
void seat_list_clear(struct seat_list *list);

/* The identity or invitation is refused in this room until `until_ms` (deny/remove with block). */
MUST_CHECK enum err_code store_block_add(struct store *store, const char *room_id, const char *participant_id,
                                         const char *invitation_id, int64_t until_ms, struct err *e);
/* Those in force at `now_ms`. */
MUST_CHECK enum err_code store_block_list(struct store *store, const char *room_id, int64_t now_ms,
                                          struct block_list *out, struct err *e);
void block_list_clear(struct block_list *list);

#endif

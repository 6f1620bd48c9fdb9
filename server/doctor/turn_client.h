/* turn_client.h - a client of TURN: allocates, asks for permissions, sends through the relay. One thread a client; each call has a
 * deadline. Errors: those of doctor_net.h, and ERR_FORBIDDEN with the STUN code in *code, ERR_IO "not_turn". */
#ifndef DOCTOR_TURN_CLIENT_H
#define DOCTOR_TURN_CLIENT_H

#include "doctor/doctor_net.h"
#include "doctor/stun.h"

struct turn_client {
    struct net_link *link;
    enum net_kind kind;
    struct stun_login login;
    struct stun_address relayed; /* after turn_allocate() */
    uint8_t read[STUN_MAX];      /* of a stream: bytes of the next messages */
    size_t have;
};

MUST_CHECK enum err_code turn_open(struct turn_client *client, const struct net_target *target, enum net_kind kind,
                                   const char *name, const char *secret, int64_t now_ms, struct net_wait wait,
                                   struct err *e);
/* *code: 0, or the error of the server: 401 wrong secret, 486 quota, 440 no such family … */
MUST_CHECK enum err_code turn_allocate(struct turn_client *client, bool ipv6, struct net_wait wait, int *code,
                                       struct err *e);
MUST_CHECK enum err_code turn_permit(struct turn_client *client, const struct stun_address *peer, struct net_wait wait,
                                     int *code, struct err *e);
/* Does what `from` sends through its relay arrive at `to`? Both have permitted the other. */
MUST_CHECK enum err_code turn_relays(struct turn_client *from, struct turn_client *to, struct net_wait wait,
                                     struct err *e);
void turn_close(struct turn_client *client); /* gives the allocation back; fine when nothing is open */

#endif

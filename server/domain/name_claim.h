/* name_claim.h - a title, or a role in the call, that a name claims for its person. Pure. Any thread. */
#ifndef DOMAIN_NAME_CLAIM_H
#define DOMAIN_NAME_CLAIM_H

#include <stdbool.h>

#include "domain/id.h"

/* Does a name contain one of our roles as a part set apart by any sign, or consist of one: "Ana (host)", "Front desk", "Ana ★ admin"?
 * Look-alikes of the words count ("h0st"), in every language of the pages. A surname does not: "Anna Host" claims nothing. */
bool name_claims_role(const char *name);
/* Could a guest with this name be taken for the host of that name? Compares by lookalike_names(), also without titles and
 * roles: "Doctor Ana Rivera" and "Ana Rivera host" for "Dr Ana Rivera". A surname alone is not a host's: "Rivera" may visit
 * "Dr Rivera". */
bool name_taken_for(const char *guest, const char *host);

#endif

/* name_claim.h - what a name says about a person beside who it is: a title, or a role in the call. Pure. Any thread. */
#ifndef DOMAIN_NAME_CLAIM_H
#define DOMAIN_NAME_CLAIM_H

#include <stdbool.h>

#include "domain/id.h"

/* Does a name set a role of ours apart, or consist of one: "Ana (host)", "Front desk", "Ana - admin"? Look-alikes of the words
 * count ("h0st"), in every language of the pages. A surname does not: "Anna Host" claims nothing. */
bool name_claims_role(const char *name);
/* Could a guest with this name be taken for the host of that name? Alike as lookalike_names() says, also without titles and
 * roles: "Doctor Ana Rivera" and "Ana Rivera host" for "Dr Ana Rivera". A surname alone is not a host's: "Rivera" may visit
 * "Dr Rivera". */
bool name_taken_for(const char *guest, const char *host);

#endif

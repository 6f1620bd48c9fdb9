/* config_coturn.h - the complete, safe turnserver.conf for this installation. Pure: prints, does not look anything up. */
#ifndef CONFIG_CONFIG_COTURN_H
#define CONFIG_CONFIG_COTURN_H

#include "config/config.h"

/* Facts that only the TURN host knows; each may be NULL. */
struct coturn_host {
    const char *cert; /* certificate chain, with pkey: turns: is offered */
    const char *pkey; /* its private key */
    /* Public address, when the host only has a private one; coturn's "public/private" is allowed. */
    const char *external_ip;
};

/* Adds the file's text to `out`. It holds the secrets. ERR_INVALID: no secret is set, cert without pkey, or an invalid
 * external address; `detail` names the remedy. */
MUST_CHECK enum err_code config_coturn(const struct config *config, const struct coturn_host *host, struct buf *out,
                                       struct err *e);

#endif

/* app_tls.h - TLS of a running server: between its own front door and HTTP. Inside app/ only. On the main thread. */
#ifndef APP_APP_TLS_H
#define APP_APP_TLS_H

#include "app/app_parts.h"

/* After HTTP, whose listening sockets it accepts from. Nothing to do without TLS. */
MUST_CHECK enum err_code app_tls_start(struct app *app, struct err *e);
/* With a certificate that is signed by itself: prints where phones find this server, by address and QR code, and the fingerprint. */
void app_tls_tell(const struct app *app);
/* Renews such a certificate when its end comes near. Cheap: looks once an hour. */
void app_tls_keep_own(struct app *app);

/* Folders that it must be able to read later, for sandbox_enter(): of each file as it is named, and of the one that a link leads to. Up
 * to APP_TLS_FOLDERS, the rest NULL; valid until the next call. */
#define APP_TLS_FOLDERS 4
void app_tls_folders(const struct config *config, const char *folders[APP_TLS_FOLDERS]);

#endif

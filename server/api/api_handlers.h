/* api_handlers.h - every handler that the route table names, by file. Each runs on an HTTP worker and begins with facts: the
 * route's access and body columns hold. What each takes and answers stands in api_routes.c. */
#ifndef API_API_HANDLERS_H
#define API_API_HANDLERS_H

#include "http/http_call.h"

/* api_settings.c */
enum err_code api_openapi(struct call *c, struct err *e);
enum err_code api_public(struct call *c, struct err *e);
enum err_code api_settings_show(struct call *c, struct err *e);
enum err_code api_settings_change(struct call *c, struct err *e);
/* api_setup.c */
enum err_code api_setup(struct call *c, struct err *e);
/* api_auth.c */
enum err_code api_sign_in(struct call *c, struct err *e);
enum err_code api_who_am_i(struct call *c, struct err *e);
enum err_code api_sign_out(struct call *c, struct err *e);
enum err_code api_session_list(struct call *c, struct err *e);
enum err_code api_session_end(struct call *c, struct err *e);
/* api_password.c */
enum err_code api_password_redeem(struct call *c, struct err *e);
enum err_code api_password_change(struct call *c, struct err *e);
/* api_users.c */
enum err_code api_me_change(struct call *c, struct err *e);
enum err_code api_user_list(struct call *c, struct err *e);
enum err_code api_user_create(struct call *c, struct err *e);
enum err_code api_user_show(struct call *c, struct err *e);
enum err_code api_user_change(struct call *c, struct err *e);
enum err_code api_user_delete(struct call *c, struct err *e);
enum err_code api_user_link(struct call *c, struct err *e);
/* api_rooms.c */
enum err_code api_room_list(struct call *c, struct err *e);
enum err_code api_room_create(struct call *c, struct err *e);
enum err_code api_room_show(struct call *c, struct err *e);
enum err_code api_room_change(struct call *c, struct err *e);
enum err_code api_room_delete(struct call *c, struct err *e);
/* api_invites.c */
enum err_code api_invite_list(struct call *c, struct err *e);
enum err_code api_invite_create(struct call *c, struct err *e);
enum err_code api_invite_revoke(struct call *c, struct err *e);
enum err_code api_invite_link(struct call *c, struct err *e);
enum err_code api_invite_renew(struct call *c, struct err *e);
/* api_asked.c */
enum err_code api_invite_ask(struct call *c, struct err *e);
enum err_code api_invite_list_asked(struct call *c, struct err *e);
enum err_code api_invite_dismiss(struct call *c, struct err *e);
/* api_lookup.c */
enum err_code api_invite_lookup(struct call *c, struct err *e);
/* api_join.c */
enum err_code api_join(struct call *c, struct err *e);
/* api_desk.c */
enum err_code api_desk_join(struct call *c, struct err *e);
/* api_audit.c */
enum err_code api_audit_list(struct call *c, struct err *e);
enum err_code api_audit_verify(struct call *c, struct err *e);

#endif

/* cmd.h - the functions of the command table, one file a subject (cmd_*.c). */
#ifndef CLI_CMD_H
#define CLI_CMD_H

#include "cli/command.h"

enum cli_status cmd_serve(struct command_call *call);
enum cli_status cmd_migrate(struct command_call *call);
enum cli_status cmd_user_add(struct command_call *call);
enum cli_status cmd_user_list(struct command_call *call);
enum cli_status cmd_user_disable(struct command_call *call);
enum cli_status cmd_user_password(struct command_call *call);
enum cli_status cmd_room_add(struct command_call *call);
enum cli_status cmd_room_list(struct command_call *call);
enum cli_status cmd_room_delete(struct command_call *call);
enum cli_status cmd_config_show(struct command_call *call);
enum cli_status cmd_config_check(struct command_call *call);
enum cli_status cmd_config_coturn(struct command_call *call);
enum cli_status cmd_backup(struct command_call *call);
enum cli_status cmd_backup_check(struct command_call *call);
enum cli_status cmd_backup_keep(struct command_call *call, int fd);
enum cli_status cmd_restore(struct command_call *call);
enum cli_status cmd_audit_verify(struct command_call *call);
enum cli_status cmd_audit_export(struct command_call *call);
enum cli_status cmd_doctor(struct command_call *call);
enum cli_status cmd_version(struct command_call *call);
enum cli_status cmd_help(struct command_call *call);

#endif

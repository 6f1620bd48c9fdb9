#include "cli/commands.h"

#include "cli/cmd.h"

static const char JSON_HELP[] = "Prints the result as JSON, for programs.";
static const char PASSWORD_HELP[] =
    "Reads the password from standard input, one line; without it a one-time link is printed.";

static const struct command_flag JSON_ONLY[] = { { "json", NULL, JSON_HELP }, { 0 } };
static const struct command_flag USER_ADD[] = {
    { "name", "NAME", "Name shown to guests; put quotes around one with blanks.", .needed = true },
    { "role", "ROLE", "admin (everything), host (own rooms) or desk (sees the people who wait, enters no call).",
      .needed = true, .choices = "admin|host|desk" },
    { "password-stdin", NULL, PASSWORD_HELP },
    { "json", NULL, JSON_HELP },
    { 0 },
};
static const struct command_flag USER_PASSWORD[] = { { "password-stdin", NULL, PASSWORD_HELP },
                                                     { "json", NULL, JSON_HELP },
                                                     { 0 } };
static const struct command_flag ROOM_ADD[] = {
    { "owner", "EMAIL", "Account of the host the room belongs to.", .needed = true },
    { "kind", "KIND", "meeting (the default).", .choices = "meeting" },
    { "json", NULL, JSON_HELP },
    { 0 },
};
static const struct command_flag CONFIG_SHOW[] = {
    { "json", NULL, JSON_HELP },
    { "sample", NULL, "Prints a configuration file with every option and its default." },
    { "man", NULL, "Prints the manual page." },
    { 0 },
};
static const struct command_flag CONFIG_COTURN[] = {
    { "cert", "FILE", "Certificate chain on the TURN host; with --pkey it offers turns: as well." },
    { "pkey", "FILE", "Private key of the certificate." },
    { "external-ip", "ADDRESS", "Public address of the TURN host, when the host itself has only a private one." },
    { 0 },
};
static const struct command_flag AUDIT_VERIFY[] = {
    { "head", "HASH", "A head noted earlier; the chain must still contain it, so a cut tail is found." },
    { "json", NULL, JSON_HELP },
    { 0 },
};

const struct command COMMANDS[] = {
    { "serve", "", 0, 0, NULL, COMMAND_HERE, .takes_options = true, .stays = true, .run = cmd_serve,
      .help = "Serves until it is asked to end (SIGTERM)." },
    { "migrate", "", 0, 0, NULL, COMMAND_HERE, .run = cmd_migrate,
      .help = "Brings the database to this version; serve does this too." },
    { "user add", "EMAIL --name NAME --role ROLE", 1, 1, USER_ADD, COMMAND_STORE, .begins = true, .run = cmd_user_add,
      .help = "Makes an account." },
    { "user list", "", 0, 0, JSON_ONLY, COMMAND_STORE, .run = cmd_user_list, .help = "Lists the accounts." },
    { "user disable", "EMAIL", 1, 1, NULL, COMMAND_STORE, .run = cmd_user_disable,
      .help = "Closes an account, ends its sign-ins and voids its password link." },
    { "user password", "EMAIL", 1, 1, USER_PASSWORD, COMMAND_STORE, .run = cmd_user_password,
      .help = "Sets a password, or prints a one-time link to set one." },
    { "room add", "NAME --owner EMAIL", 1, 1, ROOM_ADD, COMMAND_STORE, .run = cmd_room_add,
      .help = "Makes a room and prints its address; invitations for it are made in the dashboard." },
    { "room list", "", 0, 0, JSON_ONLY, COMMAND_STORE, .run = cmd_room_list, .help = "Lists the rooms." },
    { "room delete", "ROOM", 1, 1, NULL, COMMAND_STORE, .run = cmd_room_delete,
      .help = "Deletes a room with its invitations; ROOM is an id or the name in its address." },
    { "backup", "FILE", 1, 1, NULL, COMMAND_STORE, .run = cmd_backup, .check = cmd_backup_check,
      .keep = cmd_backup_keep, .help = "Copies the database while it is in use, checked, without the master key." },
    { "restore", "FILE", 1, 1, JSON_ONLY, COMMAND_HERE, .run = cmd_restore,
      .help = "Replaces the database with a backup, voids the backup's secrets and keeps later revocations; "
              "refuses while the server runs." },
    { "audit verify", "", 0, 0, AUDIT_VERIFY, COMMAND_STORE, .run = cmd_audit_verify,
      .help = "Checks the chain of the record." },
    { "audit export", "", 0, 0, NULL, COMMAND_STORE, .run = cmd_audit_export,
      .help = "Prints the record, one JSON object a line." },
    { "config show", "", 0, 0, CONFIG_SHOW, COMMAND_HERE, .takes_options = true, .run = cmd_config_show,
      .help = "Prints the options in force and the source of each." },
    { "config check", "", 0, 0, NULL, COMMAND_HERE, .takes_options = true, .run = cmd_config_check,
      .help = "Lists every error in the options, with its remedy." },
    { "config coturn", "", 0, 0, CONFIG_COTURN, COMMAND_HERE, .takes_options = true, .run = cmd_config_coturn,
      .help = "Prints the complete, safe turnserver.conf for this installation; it holds the shared secret." },
    { "doctor", "", 0, 0, JSON_ONLY, COMMAND_STORE, .takes_options = true, .examines = true, .run = cmd_doctor,
      .help =
          "Tests everything that Parlour needs to work from here, and prints the remedy for what fails (status 1)." },
    { "version", "", 0, 0, NULL, COMMAND_HERE, .without_config = true, .run = cmd_version,
      .help = "Prints the version." },
    { "help", "[COMMAND]", 0, 2, NULL, COMMAND_HERE, .without_config = true, .run = cmd_help,
      .help = "Explains a command." },
    { 0 },
};

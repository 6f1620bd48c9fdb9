/* backup, restore. */
#include "cli/commands.h"

#include "domain/token.h"
#include "store/store_keys.h"
#include "util/mem.h"

static enum err_code audit_alone(struct command_call *c, enum audit_action action, struct err *e)
{
    enum err_code rc = store_write_begin(c->store, e);

    return rc == ERR_OK ? store_write_end(c->store, command_audit(c, action, "", "", "", e), e) : rc;
}

enum cli_status cmd_backup(struct command_call *c)
{
    struct err e = { 0 };
    enum err_code rc = audit_alone(c, AUDIT_BACKUP, &e); /* before, so that the copy knows of itself */

    if (rc == ERR_OK)
        rc = store_backup(c->store, c->args->words[0], &e);
    if (rc != ERR_OK) {
        command_failed(c, &e);
        if (c->hub && rc != ERR_CONFLICT)
            tell(c, "The running server writes the file: name a path where it may, such as one in %s.\n",
                 c->config->data);
        return CLI_FAILED;
    }
    say(c, "%s\n", c->args->words[0]);
    tell(c,
         "The backup is complete and checked. It does not hold %s/master.key: keep a copy of that file elsewhere.\n"
         "Restored without it, links of invitations and PINs have to be made anew.\n",
         c->config->data);
    return CLI_DONE;
}

static void tell_lost_keys(const struct command_call *c, int lost)
{
    if (lost > 0)
        tell(c,
             "The backup was made with another master.key. New signing keys were made; links of invitations that were "
             "sent,\n"
             "PINs of rooms and places in waiting rooms from before are void: renew them. Everything else is there.\n");
    else
        tell(c, "The database is restored.\n");
}

/* The restored database must open, and says in its record that it was restored. */
static enum err_code check_restored(struct command_call *c, struct err *e)
{
    struct master_keys master;
    struct key_ring ring;
    int lost = 0;
    enum err_code rc = store_master_load(c->config->data, &master, e);

    if (rc == ERR_OK)
        rc = store_keys_load(c->store, &master, c->now_ms, &ring, &lost, e);
    if (rc == ERR_OK)
        rc = audit_alone(c, AUDIT_RESTORE, e);
    if (rc == ERR_OK)
        tell_lost_keys(c, lost);
    mem_wipe(&master, sizeof master);
    mem_wipe(&ring, sizeof ring);
    return rc;
}

enum cli_status cmd_restore(struct command_call *c)
{
    struct store_db *db = NULL;
    struct err e = { 0 };
    enum err_code rc = store_restore(c->config->data, c->args->words[0], &e);

    if (rc == ERR_OK)
        rc = store_db_open(c->config->data, c->now_ms, &db, &e);
    if (rc == ERR_OK)
        rc = store_open(db, &c->store, &e);
    if (rc == ERR_OK)
        rc = check_restored(c, &e);
    store_close(c->store);
    c->store = NULL;
    store_db_close(db);
    return rc == ERR_OK ? CLI_DONE : command_failed(c, &e);
}

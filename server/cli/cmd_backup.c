/* backup, restore. */
#include "cli/cmd.h"

#include <stdio.h>
#include <string.h>

#include "api/setup_code.h"
#include "domain/token.h"
#include "store/store_keys.h"
#include "store/store_restore.h"
#include "util/buf.h"
#include "util/clock.h"
#include "util/file.h"
#include "util/mem.h"

#define REPORT_MAX_BYTES 2000

static enum err_code audit_alone(struct command_call *call, enum audit_action action, struct err *e)
{
    enum err_code rc = store_write_begin(call->store, e);

    return rc == ERR_OK ? store_write_end(call->store, command_audit(call, action, "", "", "", e), e) : rc;
}

enum cli_status cmd_backup_check(struct command_call *call)
{
    struct err e = { 0 };

    if (!file_exists(call->args->words[0]))
        return CLI_DONE;
    err_set(&e, ERR_CONFLICT, "exists", "%s is there already: choose another name", call->args->words[0]);
    return command_failed(call, &e);
}

enum cli_status cmd_backup(struct command_call *call)
{
    struct err e = { 0 };
    int fd = -1;
    enum err_code rc =
        audit_alone(call, AUDIT_BACKUP, &e); /* before the copy, so that the copy contains its own record */

    if (rc == ERR_OK)
        rc = store_backup_take(call->store, &fd, &e);
    if (rc != ERR_OK)
        return command_failed(call, &e);
    call->output->give(call->output->arg, fd);
    return CLI_DONE;
}

enum cli_status cmd_backup_keep(struct command_call *call, int fd)
{
    struct err e = { 0 };

    if (store_backup_keep(fd, call->args->words[0], &e) != ERR_OK)
        return command_failed(call, &e);
    say(call, "%s\n", call->args->words[0]);
    tell(call,
         "The backup is complete and checked. It does not hold %s/master.key: keep a copy of that file elsewhere.\n"
         "Without it, links of invitations and PINs must be made anew after a restore.\n",
         call->config->data);
    return CLI_DONE;
}

/* ---- the result of a restore, in words and for programs ---- */

static const char *const COMPARED_NAMES[RESTORE_COMPARED_COUNT] = {
    [RESTORE_COMPARED] = "yes",
    [RESTORE_NOTHING_THERE] = "no_database",
    [RESTORE_UNREADABLE] = "unreadable",
    [RESTORE_UNRELATED] = "unrelated",
};
static const char *const NOT_COMPARED[RESTORE_COMPARED_COUNT] = {
    [RESTORE_NOTHING_THERE] = "There was no database to compare with",
    [RESTORE_UNREADABLE] = "The replaced database could not be read",
    [RESTORE_UNRELATED] = "The replaced database is not a later state of this backup",
};

/* "3 sign-ins, 1 place in a room"; false when there is nothing of this group. */
static bool list_group(const struct restore_report *report, enum restore_group group, struct buf *out)
{
    out->len = 0;
    for (int i = 0; i < RESTORE_COUNTS; i++) {
        const struct restore_name *name = &RESTORE_NAMES[i];

        if (name->group == group && report->counts[i] > 0)
            buf_printf(out, "%s%lld %s", out->len ? ", " : "", (long long)report->counts[i],
                       report->counts[i] == 1 ? name->one : name->many);
    }
    return out->len > 0;
}

static void tell_group(const struct command_call *call, const struct restore_report *report, enum restore_group group,
                       const char *before, const char *after)
{
    struct buf list = { .max = REPORT_MAX_BYTES };

    if (list_group(report, group, &list))
        tell(call, "%s%s%s\n", before, buf_text(&list), after);
    buf_clear(&list);
}

static void tell_report(const struct command_call *call, const struct restore_report *report)
{
    char since[CLOCK_RFC3339_SIZE];

    clock_rfc3339(since, report->since_ms);
    tell(call, "The database is restored%s%s.\n", report->since_ms ? ": it is as it was at " : "",
         report->since_ms ? since : "");
    tell_group(call, report, RESTORE_VOID,
               "Void from now on: ", ". Everybody signs in again; guests open their link again.");
    if (report->compared == RESTORE_COMPARED)
        tell_group(call, report, RESTORE_TAKEN_OVER, "Taken back since then, and it stays so: ", ".");
    else
        tell(call,
             "%s, so what was taken back since then is in force again: revoked and renewed links, closed accounts,\n"
             "earlier passwords. Look through accounts and links in the dashboard.\n",
             NOT_COMPARED[report->compared]);
    tell_group(call, report, RESTORE_BACK, "Came back with it, look these through: ", ".");
    tell_group(call, report, RESTORE_LOST, "Made since then, and gone: ", ".");
    tell_group(call, report, RESTORE_NOW, "Now: ", ".");
    if (report->counts[RESTORE_ADMINS] == 0)
        tell(call,
             "No admin can sign in. Make one with `parlour user add EMAIL --name NAME --role admin`, or set a password "
             "with `parlour user password EMAIL`.\n");
}

static void say_report(const struct command_call *call, const struct restore_report *report, int lost)
{
    json_t *counts = json_object();
    char since[CLOCK_RFC3339_SIZE];

    for (int i = 0; i < RESTORE_COUNTS; i++)
        json_object_set_new(counts, RESTORE_NAMES[i].name, json_integer((json_int_t)report->counts[i]));
    clock_rfc3339(since, report->since_ms);
    say_json(call, json_pack("{s:o,s:s,s:b,s:o}", "since", report->since_ms ? json_string(since) : json_null(),
                             "compared", COMPARED_NAMES[report->compared], "keys_lost", lost > 0, "counts", counts));
}

static void tell_lost_keys(const struct command_call *call, int lost)
{
    if (lost > 0)
        tell(call,
             "The backup was made with another master.key. New signing keys were made; links of invitations that were "
             "sent,\n"
             "PINs of rooms and places in waiting rooms from before are void: renew them. Everything else is there.\n");
}

/* "since=… compared=yes sign_ins=2 …", without zeros, as much as a row holds. */
static enum err_code audit_restore(struct command_call *call, const struct restore_report *report, struct err *e)
{
    struct buf facts = { .max = sizeof((struct audit_event *)0)->facts };
    enum err_code rc = store_write_begin(call->store, e);

    if (rc != ERR_OK)
        return rc;
    buf_printf(&facts, "since_ms=%lld compared=%s", (long long)report->since_ms, COMPARED_NAMES[report->compared]);
    for (int i = 0; i < RESTORE_COUNTS; i++) {
        char fact[64];

        snprintf(fact, sizeof fact, " %s=%lld", RESTORE_NAMES[i].name, (long long)report->counts[i]);
        if (report->counts[i] > 0 && RESTORE_NAMES[i].group <= RESTORE_BACK && facts.len + strlen(fact) < facts.max)
            buf_add_text(&facts, fact);
    }
    rc = store_write_end(call->store, command_audit(call, AUDIT_RESTORE, "", buf_text(&facts), "", e), e);
    buf_clear(&facts);
    return rc;
}

/* The restored database must open, and its record says that it was restored. Earlier room tokens are void with the keys that
 * signed them; lost keys have already been replaced. */
static enum err_code finish_restore(struct command_call *call, const struct restore_report *report, int *lost,
                                    struct err *e)
{
    struct master_keys master;
    struct key_ring ring;
    enum err_code rc = store_master_load(call->config->data, &master, e);

    if (rc == ERR_OK)
        rc = store_keys_load(call->store, &master, call->now_ms, &ring, lost, e);
    if (rc == ERR_OK && *lost == 0)
        rc = store_keys_replace(call->store, &master, call->now_ms, e);
    if (rc == ERR_OK)
        rc = audit_restore(call, report, e);
    if (rc == ERR_OK)
        setup_code_remove(call->config->data); /* it was printed for the replaced database */
    mem_wipe(&master, sizeof master);
    mem_wipe(&ring, sizeof ring);
    return rc;
}

enum cli_status cmd_restore(struct command_call *call)
{
    struct restore_report report;
    struct store_db *db = NULL;
    struct err e = { 0 };
    int lost = 0;
    enum err_code rc = store_restore(call->config->data, call->args->words[0], call->now_ms, &report, &e);

    if (rc == ERR_OK)
        rc = store_db_open(call->config->data, call->now_ms, &db, &e);
    if (rc == ERR_OK)
        rc = store_open(db, &call->store, &e);
    if (rc == ERR_OK)
        rc = finish_restore(call, &report, &lost, &e);
    store_close(call->store);
    call->store = NULL;
    store_db_close(db);
    if (rc != ERR_OK)
        return command_failed(call, &e);
    tell_report(call, &report);
    tell_lost_keys(call, lost);
    if (command_wants_json(call))
        say_report(call, &report, lost);
    return CLI_DONE;
}

/* audit verify | export. */
#include "cli/cmd.h"

#include <stdlib.h>
#include <string.h>

#include "store/store_audit.h"
#include "util/clock.h"
#include "util/str.h"

static void say_verdict(const struct command_call *call, const struct audit_check *check, bool holds)
{
    if (command_wants_json(call))
        say_json(call, json_pack("{s:b,s:I,s:I,s:s}", "ok", holds, "rows", (json_int_t)check->rows, "bad_seq",
                                 (json_int_t)check->bad_seq, "head", check->head));
    else if (holds)
        say(call, "ok: %lld rows, head %s\n", (long long)check->rows, *check->head ? check->head : "none yet");
}

enum cli_status cmd_audit_verify(struct command_call *call)
{
    struct audit_check check = { 0 };
    struct err e = { 0 };
    enum err_code rc = store_audit_verify(call->store, command_flag(call, "head"), &check, &e);

    if (rc == ERR_OK || check.bad_seq > 0)
        say_verdict(call, &check, rc == ERR_OK);
    return rc == ERR_OK ? CLI_DONE : command_failed(call, &e);
}

static bool say_row(const struct audit_row *row, void *arg)
{
    const struct command_call *call = arg;
    char at[CLOCK_RFC3339_SIZE], prev[STR_HEX_SIZE(HASH_BYTES)], hash[STR_HEX_SIZE(HASH_BYTES)];

    clock_rfc3339(at, row->event.at_ms);
    str_hex(prev, row->prev, HASH_BYTES);
    str_hex(hash, row->hash, HASH_BYTES);
    say_json(call,
             json_pack("{s:I,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s}", "seq", (json_int_t)row->seq, "at", at, "actor",
                       row->event.actor, "action", audit_action_name(row->event.action), "object", row->event.object,
                       "facts", row->event.facts, "detail", row->event.detail, "prev", prev, "hash", hash));
    return !*call->output->unheard; /* stops at the first row without a reader */
}

enum cli_status cmd_audit_export(struct command_call *call)
{
    struct err e = { 0 };

    if (store_audit_each(call->store, 0, say_row, call, &e) != ERR_OK)
        return command_failed(call, &e);
    return *call->output->unheard ? CLI_FAILED : CLI_DONE;
}

/* config show | check | coturn. */
#include "cli/cmd.h"

#include "cli/cli_help.h"
#include "config/config_coturn.h"
#include "config/config_form.h"
#include "tls/tls_certificate.h"
#include "util/buf.h"

#define TEXT_MAX_BYTES (256 * 1024)

static enum cli_status say_buf(const struct command_call *call, struct buf *text)
{
    say_text(call, buf_text(text), text->len);
    buf_wipe(text); /* coturn's file holds a secret */
    return CLI_DONE;
}

static json_t *value_json(const struct config *config, const struct config_option *option, const char *text)
{
    const char *member = (const char *)config + option->offset;

    if (option->type == OPTION_INT)
        return json_integer((json_int_t) * (const int64_t *)(const void *)member);
    if (option->type != OPTION_LIST)
        return *text ? json_string(text) : json_null();

    const struct config_list *list = (const void *)member;
    json_t *items = json_array();

    for (size_t i = 0; list->items[i]; i++)
        json_array_append_new(items, json_string(option->secret ? "(set)" : list->items[i]));
    return items;
}

static void show_options(const struct command_call *call)
{
    struct buf value = { .max = TEXT_MAX_BYTES };
    json_t *all = json_object();

    for (const struct config_option *option = CONFIG_OPTIONS; option->name; option++) {
        const char *source = config_source_name(config_value_source(call->config, option));

        buf_reset(&value);
        config_value_text(call->config, option, &value);
        json_object_set_new(
            all, option->name,
            json_pack("{s:o,s:s}", "value", value_json(call->config, option, buf_text(&value)), "from", source));
        if (!command_wants_json(call))
            say(call, "%s%s = %s  # %s\n", value.len ? "" : "#", option->name, buf_text(&value), source);
    }
    if (command_wants_json(call))
        say_json(call, json_incref(all));
    json_decref(all);
    buf_clear(&value);
}

enum cli_status cmd_config_show(struct command_call *call)
{
    struct buf text = { .max = TEXT_MAX_BYTES };

    if (command_flag(call, "sample"))
        config_sample(&text);
    else if (command_flag(call, "man"))
        help_manual(call->table, &text);
    else
        show_options(call);
    return say_buf(call, &text);
}

/* The server would refuse to start with it; here the files may belong to a user whom we are not. */
static void check_certificate(const struct command_call *call, struct config_report *report)
{
    struct tls_certificate *certificate = NULL;
    struct form_url url;
    struct err e = { 0 };

    if (!call->config->tls_cert || !call->config->tls_key)
        return;
    if (tls_certificate_read(call->config->tls_cert, call->config->tls_key, call->now_ms / 1000, &certificate, &e) !=
        ERR_OK)
        config_problem_add(report, "tls-cert", "%s.", e.detail);
    else if (form_url(call->config->public_url, &url) && !tls_certificate_names(certificate, url.host))
        config_problem_add(report, "tls-cert",
                           "The certificate is not made out to %.80s, and browsers warn. Get one for this name, or set "
                           "public-url to a name in it.",
                           url.host);
    tls_certificate_free(certificate);
}

enum cli_status cmd_config_check(struct command_call *call)
{
    struct config_report report = { .count = 0 };

    config_check(call->config, &report);
    check_certificate(call, &report);
    for (size_t i = 0; i < report.count; i++)
        tell(call, "%s\n", report.items[i].text);
    if (report.count > 0)
        return CLI_FAILED;
    tell(call, "The configuration fits together.\n");
    return CLI_DONE;
}

enum cli_status cmd_config_coturn(struct command_call *call)
{
    struct coturn_host host = { command_flag(call, "cert"), command_flag(call, "pkey"),
                                command_flag(call, "external-ip") };
    struct buf text = { .max = TEXT_MAX_BYTES };
    struct err e = { 0 };

    if (config_coturn(call->config, &host, &text, &e) != ERR_OK)
        return command_failed(call, &e);
    return say_buf(call, &text);
}

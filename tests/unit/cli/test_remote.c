/* Commands as they run inside a server: over a real database, without the socket. */
#include "cli/remote.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/app_services.h"
#include "cli/commands.h"
#include "domain/crypto.h"
#include "tests/support/check.h"
#include "util/buf.h"
#include "util/clock.h"

static char folder[] = "/tmp/parlour-remote-XXXXXX";
static struct config config;
static struct app_services services;
static struct buf out = { .max = 1 << 20 }, err = { .max = 1 << 20 };

static void hear(void *arg, enum control_stream stream, const char *bytes, size_t len)
{
    (void)arg;
    buf_add(stream == CONTROL_OUT ? &out : &err, bytes, len);
}

static int given = -1;

static void take(void *arg, int fd)
{
    (void)arg;
    given = fd;
}

static int ask_json(json_t *request)
{
    bool unheard = false;
    struct control_output output = { hear, take, NULL, &unheard };
    int status;

    buf_reset(&out);
    buf_reset(&err);
    status = remote_run(&services, request, &output);
    json_decref(request);
    return status;
}

/* The command with one word, and flags as JSON. */
static int ask(const char *command, const char *word, const char *flags, const char *password)
{
    json_t *words = word ? json_pack("[s]", word) : json_array();

    return ask_json(json_pack("{s:s,s:o,s:o,s:s*}", "command", command, "words", words, "flags",
                              json_loads(flags ? flags : "{}", 0, NULL), "password", password));
}

static bool said(const char *words)
{
    return strstr(buf_text(&out), words) || strstr(buf_text(&err), words);
}

#define PASSWORD "correct horse battery staple"
#define HOST "{\"name\":\"Dr Ada\",\"role\":\"host\"}"
#define ADMIN "{\"name\":\"Olga\",\"role\":\"admin\"}"

static void only_commands_of_the_table_that_need_the_database_are_run(void)
{
    static const char *const REFUSED[] = {
        "{}",
        "{\"command\":\"serve\",\"words\":[],\"flags\":{}}",
        "{\"command\":\"restore\",\"words\":[\"x\"],\"flags\":{}}",
        "{\"command\":\"nothing\",\"words\":[],\"flags\":{}}",
        "{\"command\":7,\"words\":[],\"flags\":{}}",
        "{\"command\":\"user list\"}",
        "{\"command\":\"user list\",\"words\":[1],\"flags\":{}}",
        "{\"command\":\"user list\",\"words\":[\"a\",\"b\",\"c\"],\"flags\":{}}",
        "{\"command\":\"user list\",\"words\":[],\"flags\":{\"json\":true}}",
        "{\"command\":\"user list\",\"words\":[],\"flags\":[]}",
        ("{\"command\":\"user list\",\"words\":[],\"flags\":{\"a\":\"\",\"b\":\"\",\"c\":\"\",\"d\":\"\",\"e\":\"\","
         "\"f\":\"\",\"g\":\"\",\"h\":\"\",\"i\":\"\"}}"),
    };

    for (size_t i = 0; i < sizeof REFUSED / sizeof *REFUSED; i++)
        if (!CHECK_INT(ask_json(json_loads(REFUSED[i], 0, NULL)), CLI_FAILED) || !CHECK(said("does not know")))
            printf("    %s\n", REFUSED[i]);
}

static void an_account_is_made_with_a_password_or_a_link(void)
{
    CHECK_INT(ask("user add", "Ada@Example.org", HOST, PASSWORD), CLI_DONE);
    CHECK(said("ada@example.org can sign in"));
    CHECK_INT(ask("user add", "ada@example.org", HOST, PASSWORD), CLI_FAILED);
    CHECK_INT(ask("user add", "bob@example.org", HOST, NULL), CLI_DONE);
    CHECK(strncmp(buf_text(&out), "http://localhost:8080/password#", 31) == 0);
    CHECK_INT(ask("user list", NULL, "{\"json\":\"\"}", NULL), CLI_DONE);
    CHECK(said("\"email\":\"bob@example.org\",\"name\":\"Dr Ada\",\"role\":\"host\",\"state\":\"invited\""));
}

static void wrong_arguments_create_no_account(void)
{
    CHECK_INT(ask("user add", "no address", HOST, PASSWORD), CLI_FAILED);
    CHECK_INT(ask("user add", "c@example.org", HOST, "short"), CLI_FAILED);
    CHECK_INT(ask("user list", NULL, NULL, NULL), CLI_DONE);
    CHECK(!said("c@example.org"));
}

static void an_argument_that_the_command_does_not_take_is_wrong_usage(void)
{
    CHECK_INT(ask("user list", "word", NULL, NULL), CLI_WRONG_USE);
    CHECK_INT(ask("user list", NULL, "{\"color\":\"x\"}", NULL), CLI_WRONG_USE);
    CHECK(said("does not take --color"));
    CHECK_INT(ask("user add", "c@example.org", "{\"name\":\"C\",\"role\":\"king\"}", PASSWORD), CLI_WRONG_USE);
    CHECK(said("--role takes admin|host|desk, not \"king\""));
    CHECK_INT(ask("user add", "c@example.org", "{\"name\":\"C\",\"role\":\"\"}", PASSWORD), CLI_WRONG_USE);
    CHECK_INT(ask("user add", "c@example.org", "{\"name\":\"C\"}", PASSWORD), CLI_WRONG_USE);
    CHECK(said("--role is needed: parlour user add EMAIL --name NAME --role ROLE"));
    CHECK_INT(ask("user add", "c@example.org", "{\"role\":\"host\"}", PASSWORD), CLI_WRONG_USE);
    CHECK_INT(ask("room add", "X", NULL, NULL), CLI_WRONG_USE);
    CHECK(said("--owner is needed"));
    CHECK_INT(ask("room add", "X", "{\"owner\":\"ada@example.org\",\"kind\":\"reception\"}", NULL), CLI_WRONG_USE);
    CHECK(said("--kind takes meeting"));
}

static void the_last_admin_stays(void)
{
    CHECK_INT(ask("user add", "olga@example.org", ADMIN, PASSWORD), CLI_DONE);
    CHECK_INT(ask("user disable", "olga@example.org", NULL, NULL), CLI_FAILED);
    CHECK(said("last admin"));
    CHECK_INT(ask("user add", "other@example.org", ADMIN, PASSWORD), CLI_DONE);
    CHECK_INT(ask("user disable", "olga@example.org", NULL, NULL), CLI_DONE);
    CHECK_INT(ask("user password", "olga@example.org", NULL, PASSWORD), CLI_FAILED);
    CHECK_INT(ask("user disable", "nobody@example.org", NULL, NULL), CLI_FAILED);
    CHECK(said("user list"));
}

static void rooms_get_an_address_of_their_own(void)
{
    CHECK_INT(ask("room add", "Hill Clinic", "{\"owner\":\"ada@example.org\"}", NULL), CLI_DONE);
    CHECK_STR(buf_text(&out), "http://localhost:8080/r/hill-clinic\n");
    CHECK_INT(ask("room add", "Hill, Clinic!", "{\"owner\":\"ada@example.org\"}", NULL), CLI_DONE);
    CHECK_STR(buf_text(&out), "http://localhost:8080/r/hill-clinic-2\n");
    CHECK_INT(ask("room add", "عيادة", "{\"owner\":\"ada@example.org\",\"json\":\"\"}", NULL), CLI_DONE);
    CHECK(said("\"slug\":\"room-"));
    CHECK_INT(ask("room add", "X", "{\"owner\":\"nobody@example.org\"}", NULL), CLI_FAILED);
    CHECK_INT(ask("room delete", "hill-clinic-2", NULL, NULL), CLI_DONE);
    CHECK_INT(ask("room delete", "hill-clinic-2", NULL, NULL), CLI_FAILED);
    CHECK_INT(ask("room list", NULL, NULL, NULL), CLI_DONE);
    CHECK(said("hill-clinic ") && !said("hill-clinic-2"));
}

static void every_action_is_in_the_record(void)
{
    char head[80], flags[120];

    CHECK_INT(ask("audit export", NULL, NULL, NULL), CLI_DONE);
    CHECK(said("\"action\":\"user.create\"") && said("\"action\":\"room.delete\"") && said("\"actor\":\"cli\""));
    CHECK(!said(PASSWORD));
    CHECK_INT(ask("audit verify", NULL, NULL, NULL), CLI_DONE);
    CHECK_INT(sscanf(strstr(buf_text(&out), "head "), "head %79s", head), 1);
    CHECK_INT(ask("room delete", "hill-clinic", NULL, NULL), CLI_DONE);
    snprintf(flags, sizeof flags, "{\"head\":\"%s\"}", head);
    CHECK_INT(ask("audit verify", NULL, flags, NULL), CLI_DONE); /* a later head holds the earlier one */
    head[0] = head[0] == '0' ? '1' : '0';
    snprintf(flags, sizeof flags, "{\"head\":\"%s\",\"json\":\"\"}", head);
    CHECK_INT(ask("audit verify", NULL, flags, NULL), CLI_FAILED);
}

/* The server is a stranger to the path: it gives the copy, and the command that asked keeps it. */
static void a_backup_is_handed_over_and_never_written_to_a_requested_path(void)
{
    char head[16] = { 0 }, path[100];

    snprintf(path, sizeof path, "%s/backup.db", folder);
    CHECK_INT(ask("backup", path, NULL, NULL), CLI_DONE);
    CHECK(access(path, F_OK) != 0);
    CHECK(given >= 0 && read(given, head, sizeof head - 1) == sizeof head - 1);
    CHECK_STR(head, "SQLite format 3");
    close(given);
}

static void a_request_holds_the_command_as_typed(void)
{
    struct command_args args = { .words = { "a@example.org" }, .word_count = 1, .password = "secret" };
    json_t *request;
    char *text;

    args.flags[0].name = "json";
    args.flags[0].value = "";
    args.flag_count = 1;
    request = remote_request(command_find(COMMANDS, "user password"), &args);
    text = json_dumps(request, JSON_COMPACT | JSON_SORT_KEYS);
    CHECK_STR(text, "{\"command\":\"user password\",\"flags\":{\"json\":\"\"},\"password\":\"secret\",\"words\":[\"a@"
                    "example.org\"]}");
    free(text);
    json_decref(request);
    args.words[0] = "\xff";
    CHECK(remote_request(command_find(COMMANDS, "user password"), &args) == NULL);
}

static const struct check_test TESTS[] = {
    TEST(only_commands_of_the_table_that_need_the_database_are_run),
    TEST(an_account_is_made_with_a_password_or_a_link),
    TEST(wrong_arguments_create_no_account),
    TEST(an_argument_that_the_command_does_not_take_is_wrong_usage),
    TEST(the_last_admin_stays),
    TEST(rooms_get_an_address_of_their_own),
    TEST(every_action_is_in_the_record),
    TEST(a_backup_is_handed_over_and_never_written_to_a_requested_path),
    TEST(a_request_holds_the_command_as_typed),
    { 0 },
};

int main(int argc, char **argv)
{
    static struct config_report report;
    const struct config_flag flags[] = { { "data", folder } };
    char *nothing[] = { NULL };
    char command[100];
    int failed;

    if (!mkdtemp(folder) || crypto_start(NULL) != ERR_OK)
        return 1;
    config_load(flags, 1, nothing, &config, &report);
    services.commands = COMMANDS;
    services.config = &config;
    if (store_db_open(folder, clock_wall_ms(), &services.db, NULL) != ERR_OK)
        return 1;
    failed = check_run(TESTS, argc, argv);
    store_db_close(services.db);
    config_clear(&config);
    buf_clear(&out);
    buf_clear(&err);
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command) != 0 || failed;
}

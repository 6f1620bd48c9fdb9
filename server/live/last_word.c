#include "live/last_word.h"

#include "live/quality.h"
#include "util/mem.h"

static struct last_word *word_of(struct client_owner *owner)
{
    return list_entry(owner, struct last_word, owner);
}

static void heard(struct client_owner *owner, struct client *client, const struct client_message *m)
{
    (void)client;
    word_of(owner)->shard->handlers->last_word(word_of(owner), m);
}

/* Nobody counts its messages any more. */
static void unreadable(struct client_owner *owner)
{
    (void)owner;
}

static void lost(struct client_owner *owner, struct client *client)
{
    (void)client;
    mem_free(word_of(owner));
}

static const struct client_owner_ops LAST_WORD = { heard, unreadable, lost };

void last_word_wait(const struct seat_session *seat, struct client *client, enum close_code code, struct payload *bye)
{
    struct last_word *word = mem_new(sizeof *word);

    word->shard = seat->shard;
    word->owner.ops = &LAST_WORD;
    word->stretch = quality_stretch(seat);
    word->reports = seat->reports;
    client_part(client, code, bye, &word->owner);
}

void last_word_reported(struct last_word *word, const struct call_quality *report)
{
    if (minute_allows(&word->reports, QUALITY_REPORTS_PER_MINUTE, live_shard_mono_ms(word->shard)))
        quality_keep(word->shard, &word->stretch, report);
}

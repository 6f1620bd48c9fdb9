#include "live/speaker.h"

#include <string.h>

#include "live/dashboard.h"
#include "live/seat_session.h"

void speaker_error_n(struct speaker *speaker, const char *code, const char *detail, const char *of, int64_t n)
{
    struct payload *said;

    if (speaker->client->phase == CLIENT_CLOSING)
        return;
    said = live_shard_error(speaker->shard, code, detail, of, n);
    if (speaker->seat)
        seat_session_say(speaker->seat, said);
    else
        dashboard_say(speaker->dashboard, said);
}

void speaker_error(struct speaker *speaker, const char *code, const char *detail, const char *of)
{
    speaker_error_n(speaker, code, detail, of, speaker->n);
}

void speaker_fault(struct speaker *speaker, const char *code, const char *detail, const char *of)
{
    speaker_error(speaker, code, detail, of);
    if (client_strike(speaker->client, live_shard_mono_ms(speaker->shard)))
        client_close(speaker->client, CLOSE_POLICY, "policy");
}

void speaker_answer(struct speaker *speaker, enum err_code rc, const struct err *e, const char *of)
{
    if (rc == ERR_INVALID && strcmp(e->code, "not_available") != 0)
        speaker_fault(speaker, e->code, e->detail, of);
    else if (rc != ERR_OK)
        speaker_error(speaker, e->code, e->detail, of);
}

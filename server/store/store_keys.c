#include "store/store_keys.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "observe/log.h"
#include "store/query.h"
#include "store/store_audit.h"
#include "store/store_files.h"
#include "store/store_rows.h"
#include "util/buf.h"
#include "util/file.h"
#include "util/mem.h"
#include "util/str.h"

#define MASTER_FILE "master.key"
#define MASTER_TEXT (KEY_BYTES * 2) /* hexadecimal, then a line end */
#define SEALED_BYTES (SIGN_SECRET_BYTES + SEAL_OVERHEAD)
#define SEAL_CONTEXT "signing_key"

/* --- the master key file -------------------------------------------------------------------------------------------- */

static enum err_code check_private(const char *path, struct err *e)
{
    struct stat st;

    if (stat(path, &st) != 0)
        return err_set(e, ERR_IO, "io", "cannot read %s: %s", path, strerror(errno));
    if (st.st_mode & (S_IRWXG | S_IRWXO))
        return err_set(e, ERR_CONFLICT, "master_key_exposed", "others can read %s: run 'chmod 600' on it", path);
    return ERR_OK;
}

static enum err_code parse_master(const struct buf *text, const char *path, uint8_t key[KEY_BYTES], struct err *e)
{
    size_t len = text->len;

    if (len == MASTER_TEXT + 1 && text->data[MASTER_TEXT] == '\n')
        len--;
    if (len == MASTER_TEXT && str_from_hex(text->data, len, key, KEY_BYTES, &len) && len == KEY_BYTES)
        return ERR_OK;
    return err_set(e, ERR_INVALID, "master_key_invalid",
                   "%s is not a master key (64 hexadecimal digits): put the right one back", path);
}

static enum err_code read_master(const char *path, uint8_t key[KEY_BYTES], struct err *e)
{
    struct buf text = { .max = MASTER_TEXT + 16 };
    enum err_code rc = file_read(path, &text, e);

    if (rc == ERR_OK)
        rc = check_private(path, e);
    if (rc == ERR_LIMIT || rc == ERR_OK)
        rc = rc == ERR_OK ? parse_master(&text, path, key, e)
                          : err_set(e, ERR_INVALID, "master_key_invalid", "%s is not a master key", path);
    buf_wipe(&text);
    return rc;
}

/* Never replaces an existing key: everything it sealed would be lost. Of two simultaneous processes, both use the first one's key. */
static enum err_code make_master(const char *path, struct err *e)
{
    uint8_t key[KEY_BYTES];
    char text[MASTER_TEXT + 2];
    char temporary[PATH_MAX];
    enum err_code rc = files_make_temporary(path, temporary, e);

    if (rc != ERR_OK)
        return rc;
    crypto_random(key, sizeof key);
    str_hex(text, key, sizeof key);
    text[MASTER_TEXT] = '\n';
    rc = file_write(temporary, text, MASTER_TEXT + 1, 0600, e);
    if (rc == ERR_OK)
        rc = files_place_new(temporary, path, e);
    if (rc == ERR_OK)
        log_event(LOG_INFO, "keys.master_made", "bytes=%d", KEY_BYTES);
    else
        remove(temporary);
    mem_wipe(key, sizeof key);
    mem_wipe(text, sizeof text);
    return rc == ERR_CONFLICT ? ERR_OK : rc;
}

static void derive(const uint8_t key[KEY_BYTES], const char *label, uint8_t out[KEY_BYTES])
{
    const char *const parts[] = { "parlour", label };

    crypto_keyed(key, parts, 2, out, KEY_BYTES);
}

/* A systemd credential replaces the file. */
static enum err_code master_path(const char *data_folder, char path[PATH_MAX], bool *may_make, struct err *e)
{
    const char *credentials = getenv("CREDENTIALS_DIRECTORY");
    enum err_code rc;

    *may_make = false;
    if (credentials) {
        rc = files_path(credentials, MASTER_FILE, path, e);
        if (rc != ERR_OK || file_exists(path))
            return rc;
    }
    *may_make = true;
    return files_path(data_folder, MASTER_FILE, path, e);
}

enum err_code store_master_load(const char *data_folder, struct master_keys *out, struct err *e)
{
    uint8_t key[KEY_BYTES] = { 0 };
    char path[PATH_MAX];
    bool may_make;
    enum err_code rc = master_path(data_folder, path, &may_make, e);

    if (rc == ERR_OK && may_make && !file_exists(path))
        rc = make_master(path, e);
    if (rc == ERR_OK)
        rc = read_master(path, key, e);
    if (rc == ERR_OK) {
        derive(key, "seal", out->seal);
        derive(key, "link", out->link);
        derive(key, "participant", out->participant);
        derive(key, "pin", out->pin);
        derive(key, "device", out->device);
    }
    mem_wipe(key, sizeof key);
    return rc;
}

/* --- signing keys --------------------------------------------------------------------------------------------------- */

/* The newest keys as stored; keys that cannot be opened are named in `lost`. */
struct stored_keys {
    struct key_ring ring;
    char lost[TOKEN_KEYS_MAX][ID_SIZE];
    int lost_count;
};

static void key_from_row(struct query *query, const struct master_keys *master, struct stored_keys *to)
{
    struct signing_key *key = &to->ring.keys[to->ring.count];
    uint8_t sealed[SEALED_BYTES];

    col_text(query, "kid", key->kid, sizeof key->kid);
    col_bytes(query, "public_key", key->public_key, sizeof key->public_key);
    col_bytes(query, "sealed", sealed, sizeof sealed);
    key->created_ms = col_i64(query, "created_ms");
    if (crypto_open(master->seal, SEAL_CONTEXT, sealed, sizeof sealed, key->secret_key, NULL) == ERR_OK)
        to->ring.count++;
    else
        str_copy(to->lost[to->lost_count++], ID_SIZE, key->kid);
}

static enum err_code read_keys(struct store *store, const struct master_keys *master, struct stored_keys *to,
                               struct err *e)
{
    struct query q = query_begin(store, Q_KEY_NEWEST);

    query_i64(&q, TOKEN_KEYS_MAX);
    while (query_next(&q))
        key_from_row(&q, master, to);
    return query_end(&q, e);
}

static enum err_code add_key(struct store *store, const struct master_keys *master, const struct signing_key *key,
                             struct err *e)
{
    struct query q = query_begin(store, Q_KEY_ADD);
    uint8_t sealed[SEALED_BYTES];

    crypto_seal(master->seal, SEAL_CONTEXT, key->secret_key, sizeof key->secret_key, sealed);
    query_text(&q, key->kid);
    query_bytes(&q, key->public_key, sizeof key->public_key);
    query_bytes(&q, sealed, sizeof sealed);
    query_i64(&q, key->created_ms);
    return query_end(&q, e);
}

/* The new key goes to the front: the newest signs. */
static void new_key(struct key_ring *ring, int64_t now_ms)
{
    struct signing_key k = { .created_ms = now_ms };

    crypto_new_id(k.kid);
    crypto_sign_pair(k.public_key, k.secret_key);
    if (ring->count == TOKEN_KEYS_MAX)
        ring->count--;
    memmove(&ring->keys[1], &ring->keys[0], (size_t)ring->count * sizeof k);
    ring->keys[0] = k;
    ring->count++;
    mem_wipe(&k, sizeof k);
}

static enum err_code drop_keys(struct store *store, struct stored_keys *keys, int live, struct err *e)
{
    enum err_code rc = ERR_OK;

    for (int i = 0; i < keys->lost_count && rc == ERR_OK; i++)
        rc = run_with_text(store, Q_KEY_DELETE, keys->lost[i], e);
    for (int i = live; i < keys->ring.count && rc == ERR_OK; i++)
        rc = run_with_text(store, Q_KEY_DELETE, keys->ring.keys[i].kid, e);
    mem_wipe(&keys->ring.keys[live], (size_t)(keys->ring.count - live) * sizeof *keys->ring.keys);
    keys->ring.count = live;
    return rc;
}

static enum err_code note_rotation(struct store *store, const struct signing_key *key, int64_t now_ms, int removed,
                                   struct err *e)
{
    struct audit_event event = { .action = AUDIT_KEYS_ROTATE, .actor = "system", .at_ms = now_ms };

    str_copy(event.object, sizeof event.object, key->kid);
    snprintf(event.facts, sizeof event.facts, "removed=%d", removed);
    return store_audit_add(store, &event, e);
}

/* Deletes lost and void keys, and makes a new key when it is due. The first key replaces none, so it is not a rotation. */
static enum err_code renew(struct store *store, const struct master_keys *master, int64_t now_ms,
                           struct stored_keys *keys, struct err *e)
{
    bool first = keys->ring.count + keys->lost_count == 0,
         due = keys->lost_count > 0 || token_key_due(&keys->ring, now_ms);
    int live = token_keys_live(&keys->ring, now_ms), removed = keys->lost_count + keys->ring.count - live;
    enum err_code rc = drop_keys(store, keys, live, e);

    if (rc != ERR_OK || !due)
        return rc;
    new_key(&keys->ring, now_ms);
    rc = add_key(store, master, &keys->ring.keys[0], e);
    return rc == ERR_OK && !first ? note_rotation(store, &keys->ring.keys[0], now_ms, removed, e) : rc;
}

static bool must_renew(const struct stored_keys *keys, int64_t now_ms)
{
    return keys->lost_count > 0 || token_key_due(&keys->ring, now_ms) ||
           token_keys_live(&keys->ring, now_ms) < keys->ring.count;
}

/* Changes *keys only after the write. A full disk is no reason to stop signing with a key that is a few days too old. */
static enum err_code write_renewed(struct store *store, const struct master_keys *master, int64_t now_ms,
                                   struct stored_keys *keys, struct err *e)
{
    struct stored_keys next = *keys;
    enum err_code rc = store_write_begin(store, e);

    if (rc == ERR_OK)
        rc = store_write_end(store, renew(store, master, now_ms, &next, e), e);
    if (rc == ERR_OK) {
        *keys = next;
    } else if (keys->ring.count > 0 && keys->lost_count == 0) {
        log_event(LOG_WARN, "keys.not_renewed", "keys=%d", keys->ring.count);
        rc = ERR_OK;
    }
    mem_wipe(&next, sizeof next);
    return rc;
}

enum err_code store_keys_load(struct store *store, const struct master_keys *master, int64_t now_ms,
                              struct key_ring *out, int *lost, struct err *e)
{
    struct stored_keys k = { .lost_count = 0 };
    enum err_code rc = read_keys(store, master, &k, e);

    now_ms = store_due_ms(store, now_ms); /* a wrong clock must not retire keys */
    if (rc == ERR_OK && must_renew(&k, now_ms))
        rc = write_renewed(store, master, now_ms, &k, e);
    if (rc == ERR_OK) {
        *out = k.ring;
        *lost = k.lost_count;
    }
    mem_wipe(&k, sizeof k);
    return rc;
}

static enum err_code replace(struct store *store, const struct master_keys *master, int64_t now_ms,
                             struct stored_keys *keys, struct err *e)
{
    int removed = keys->ring.count + keys->lost_count;
    enum err_code rc = drop_keys(store, keys, 0, e);

    if (rc != ERR_OK)
        return rc;
    new_key(&keys->ring, now_ms);
    rc = add_key(store, master, &keys->ring.keys[0], e);
    return rc == ERR_OK ? note_rotation(store, &keys->ring.keys[0], now_ms, removed, e) : rc;
}

enum err_code store_keys_replace(struct store *store, const struct master_keys *master, int64_t now_ms, struct err *e)
{
    struct stored_keys k = { .lost_count = 0 };
    enum err_code rc = read_keys(store, master, &k, e);

    if (rc == ERR_OK)
        rc = store_write_begin(store, e);
    if (rc == ERR_OK)
        rc = store_write_end(store, replace(store, master, store_due_ms(store, now_ms), &k, e), e);
    mem_wipe(&k, sizeof k);
    return rc;
}

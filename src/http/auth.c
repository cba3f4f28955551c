/* Tokens: parsing the header, looking up, remembering for a moment. */
#include "http/auth.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "api/token.h"
#include "base/date.h"
#include "base/field.h"
#include "base/str.h"
#include "config.h"
#include "db/db.h"
#include "db/queries.h"
#include "http/signed_token.h"

enum { REMEMBERED = 256, UNKNOWN_REMEMBERED = 1024 };

static const int64_t REMEMBER_FOR = INSTANT_SECOND;
static const int64_t NOTE_USE_EVERY = 60 * INSTANT_SECOND;
static const int64_t VERIFY_EVERY = 600 * INSTANT_SECOND;

struct remembered {
    uint8_t digest[TOKEN_DIGEST_SIZE];
    struct caller caller;
    int64_t looked_up_at; /* 0: empty */
    int64_t use_noted_at;
    int64_t verified_until; /* of a signed one: its signature need not be looked at again before */
};

struct unknown {
    uint8_t digest[TOKEN_DIGEST_SIZE];
    int64_t looked_up_at; /* 0: empty */
};

/* Unknown tokens have a table of their own: no flood of them takes the place of a known one. */
struct auth {
    struct token_digester *digester;
    struct token_keys *keys;
    pthread_mutex_t mutex;
    struct remembered tokens[REMEMBERED]; /* by the first byte of the digest */
    struct unknown unknown[UNKNOWN_REMEMBERED];
};

struct auth *auth_new(const struct config *config, FILE *err)
{
    struct token_keys *keys = token_keys_new(config, err);
    struct auth *auth;

    if (keys == NULL)
        return NULL;
    auth = calloc(1, sizeof(*auth));
    if (auth == NULL)
        abort();
    auth->digester = token_digester_new(config->token_hash_secret);
    auth->keys = keys;
    pthread_mutex_init(&auth->mutex, NULL);
    return auth;
}

void auth_free(struct auth *auth)
{
    if (auth == NULL)
        return;
    pthread_mutex_destroy(&auth->mutex);
    token_digester_free(auth->digester);
    token_keys_free(auth->keys);
    free(auth);
}

const char *auth_header_token(struct arena *arena, const char *header)
{
    static const char blanks[] = " \t\r\n";
    size_t length;

    if (header == NULL ||
        !(str_starts_with(header, "Bearer ") || str_starts_with(header, "Token ")))
        return NULL;
    header = strchr(header, ' ');
    header += strspn(header, " ");
    if (str_starts_with(header, "token="))
        header += strlen("token=");
    length = strcspn(header, ",;\t");
    while (length > 0 && strchr(blanks, header[length - 1]) != NULL)
        length--;
    if (length >= 2 && header[0] == '"' && header[length - 1] == '"') {
        header++;
        length -= 2;
    }
    return length == 0 ? NULL : arena_strndup(arena, header, length);
}

static bool is_fresh(int64_t looked_up_at, int64_t now)
{
    return looked_up_at != 0 && now >= looked_up_at && now - looked_up_at < REMEMBER_FOR;
}

static bool recall(struct auth *auth, const uint8_t *digest, int64_t now, struct remembered *out)
{
    const struct remembered *place = &auth->tokens[digest[0]];

    pthread_mutex_lock(&auth->mutex);
    *out = *place;
    pthread_mutex_unlock(&auth->mutex);
    if (out->looked_up_at == 0 || memcmp(out->digest, digest, TOKEN_DIGEST_SIZE) != 0)
        *out = (struct remembered){0};
    return is_fresh(out->looked_up_at, now);
}

static void remember(struct auth *auth, const struct remembered *token)
{
    pthread_mutex_lock(&auth->mutex);
    auth->tokens[token->digest[0]] = *token;
    pthread_mutex_unlock(&auth->mutex);
}

static struct unknown *place_of_unknown(struct auth *auth, const uint8_t *digest)
{
    return &auth->unknown[(digest[0] | digest[1] << 8) % UNKNOWN_REMEMBERED];
}

static bool recall_unknown(struct auth *auth, const uint8_t *digest, int64_t now)
{
    const struct unknown *place = place_of_unknown(auth, digest);
    bool is_there;

    pthread_mutex_lock(&auth->mutex);
    is_there =
        is_fresh(place->looked_up_at, now) && memcmp(place->digest, digest, TOKEN_DIGEST_SIZE) == 0;
    pthread_mutex_unlock(&auth->mutex);
    return is_there;
}

static void remember_unknown(struct auth *auth, const uint8_t *digest, int64_t now)
{
    struct unknown *place = place_of_unknown(auth, digest);

    pthread_mutex_lock(&auth->mutex);
    memcpy(place->digest, digest, TOKEN_DIGEST_SIZE);
    place->looked_up_at = now;
    pthread_mutex_unlock(&auth->mutex);
}

static enum caller_kind kind_of(const char *text)
{
    static const char *const kinds[] = {[CALLER_LEAD_PROVIDER] = "lead_provider",
                                        [CALLER_ENGAGE_AND_LEARN] = "engage_and_learn",
                                        [CALLER_DATA_STUDIO] = "data_studio",
                                        [CALLER_NPQ_REGISTRATION] = "npq_registration"};

    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (str_equal(kinds[i], text))
            return (enum caller_kind)i;
    return CALLER_NPQ_REGISTRATION;
}

static void read_caller(const struct db_rows *rows, struct caller *out)
{
    const char *name = db_get_text(rows, 0, 4);

    *out = (struct caller){
        .token_id = db_get_uuid(rows, 0, 0),
        .kind = kind_of(db_get_text(rows, 0, 1)),
        .has_private_access = db_get_bool(rows, 0, 2),
        .has_ecf = db_get_bool(rows, 0, 5),
        .has_npq = db_get_bool(rows, 0, 6),
        .can_write = db_get_bool(rows, 0, 7),
    };
    if (!db_is_null(rows, 0, 3))
        out->lead_provider_id = db_get_uuid(rows, 0, 3);
    if (name != NULL)
        strncpy(out->lead_provider_name, name, sizeof(out->lead_provider_name) - 1);
}

/* The row of a token: of an opaque one by its digest, of a signed one by its id. */
static enum err find(const struct service *service, const struct uuid *signed_id,
                     struct remembered *token, bool *is_known)
{
    AUTO(db_tx_finish) struct db_tx tx = {0};
    AUTO(db_rows_finish) struct db_rows rows = {0};
    const struct db_value values[] = {
        signed_id == NULL ? db_bytes(token->digest, sizeof(token->digest)) : db_null(),
        db_uuid(signed_id),
    };

    TRY(db_tx_borrow(&tx, service->pool));
    TRY(db_run(&tx, &sql_tokens_find, values, COUNT_OF(values), &rows));
    *is_known = rows.count > 0;
    if (*is_known)
        read_caller(&rows, &token->caller);
    return ERR_OK;
}

/* What the token says first, then its row, then the signature: the cheap before the dear, so that
 * made-up tokens cost little. */
static enum err find_signed(const struct service *service, const char *text, int64_t now,
                            struct remembered *token, bool *is_known)
{
    const struct token_keys *keys = service->auth->keys;
    struct signed_token claims;

    *is_known = signed_token_read(keys, text, now, &claims);
    if (!*is_known)
        return ERR_OK;
    TRY(find(service, &claims.id, token, is_known));
    if (!*is_known)
        return ERR_OK;
    token->caller.can_write = token->caller.can_write && claims.can_write;
    if (now < token->verified_until)
        return ERR_OK;
    *is_known = signed_token_is_genuine(keys, text, &claims);
    token->verified_until = now + VERIFY_EVERY;
    return ERR_OK;
}

static enum err note_use(const struct service *service, int64_t now, struct remembered *token)
{
    AUTO(db_tx_finish) struct db_tx tx = {0};
    const struct db_value used[] = {db_uuid(&token->caller.token_id), db_instant(now)};

    if (now - token->use_noted_at < NOTE_USE_EVERY)
        return ERR_OK;
    token->use_noted_at = now;
    TRY(db_tx_borrow(&tx, service->pool));
    return db_run(&tx, &sql_tokens_used, used, COUNT_OF(used), NULL);
}

/* Looks the token up and notes its use; is_known stays false for an unknown one. */
static enum err look_up(const struct service *service, const char *text, int64_t now,
                        struct remembered *token, bool *is_known)
{
    if (signed_token_is_meant(text))
        TRY(find_signed(service, text, now, token, is_known));
    else
        TRY(find(service, NULL, token, is_known));
    if (!*is_known)
        return ERR_OK;
    token->looked_up_at = now;
    return note_use(service, now, token);
}

enum err auth_identify(const struct service *service, const char *token, struct caller *out,
                       struct problems *problems)
{
    struct auth *auth = service->auth;
    struct remembered remembered;
    uint8_t digest[TOKEN_DIGEST_SIZE];
    int64_t now = instant_now();
    bool is_known;

    token_digester_take(auth->digester, token, digest);
    is_known = recall(auth, digest, now, &remembered);
    if (!is_known && !recall_unknown(auth, digest, now)) {
        memcpy(remembered.digest, digest, sizeof(digest));
        TRY(look_up(service, token, now, &remembered, &is_known));
        if (is_known)
            remember(auth, &remembered);
        else
            remember_unknown(auth, digest, now);
    }
    if (is_known)
        *out = remembered.caller;
    else
        refuse(problems, NULL, PROBLEM_UNAUTHORISED);
    return ERR_OK;
}

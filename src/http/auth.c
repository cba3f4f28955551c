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

enum { REMEMBERED = 256 };

static const int64_t REMEMBER_FOR = INSTANT_SECOND;
static const int64_t NOTE_USE_EVERY = 60 * INSTANT_SECOND;

struct remembered {
    uint8_t digest[TOKEN_DIGEST_SIZE];
    struct caller caller;
    int64_t looked_up_at; /* 0: empty */
    int64_t use_noted_at;
};

struct auth {
    const struct config *config;
    pthread_mutex_t mutex;
    struct remembered tokens[REMEMBERED]; /* by the first byte of the digest */
};

struct auth *auth_new(const struct config *config)
{
    struct auth *auth = calloc(1, sizeof(*auth));

    if (auth == NULL)
        abort();
    auth->config = config;
    pthread_mutex_init(&auth->mutex, NULL);
    return auth;
}

void auth_free(struct auth *auth)
{
    if (auth == NULL)
        return;
    pthread_mutex_destroy(&auth->mutex);
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

static bool recall(struct auth *auth, const uint8_t *digest, int64_t now, struct remembered *out)
{
    const struct remembered *place = &auth->tokens[digest[0]];
    bool is_known;

    pthread_mutex_lock(&auth->mutex);
    *out = *place;
    pthread_mutex_unlock(&auth->mutex);
    is_known = out->looked_up_at != 0 && memcmp(out->digest, digest, TOKEN_DIGEST_SIZE) == 0;
    if (!is_known)
        *out = (struct remembered){0};
    return is_known && now >= out->looked_up_at && now - out->looked_up_at < REMEMBER_FOR;
}

static void remember(struct auth *auth, const struct remembered *token)
{
    pthread_mutex_lock(&auth->mutex);
    auth->tokens[token->digest[0]] = *token;
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
    };
    if (!db_is_null(rows, 0, 3))
        out->lead_provider_id = db_get_uuid(rows, 0, 3);
    if (name != NULL)
        strncpy(out->lead_provider_name, name, sizeof(out->lead_provider_name) - 1);
}

/* Looks the token up and notes its use; is_known stays false for an unknown one. */
static enum err look_up(const struct service *service, int64_t now, struct remembered *token,
                        bool *is_known)
{
    AUTO(db_tx_finish) struct db_tx tx = {0};
    AUTO(db_rows_finish) struct db_rows rows = {0};
    struct db_value digest = db_bytes(token->digest, sizeof(token->digest));

    TRY(db_tx_borrow(&tx, service->pool));
    TRY(db_run(&tx, &sql_tokens_find, &digest, 1, &rows));
    *is_known = rows.count > 0;
    if (!*is_known)
        return ERR_OK;
    read_caller(&rows, &token->caller);
    token->looked_up_at = now;
    if (now - token->use_noted_at < NOTE_USE_EVERY)
        return ERR_OK;
    const struct db_value used[] = {db_uuid(&token->caller.token_id), db_instant(now)};
    token->use_noted_at = now;
    return db_run(&tx, &sql_tokens_used, used, 2, NULL);
}

enum err auth_identify(const struct service *service, const char *token, struct caller *out,
                       struct problems *problems)
{
    struct auth *auth = service->auth;
    struct remembered remembered;
    uint8_t digest[TOKEN_DIGEST_SIZE];
    int64_t now = instant_now();
    bool is_known;

    token_digest(auth->config->token_hash_secret, token, digest);
    is_known = recall(auth, digest, now, &remembered);
    if (!is_known) {
        memcpy(remembered.digest, digest, sizeof(digest));
        TRY(look_up(service, now, &remembered, &is_known));
        if (is_known)
            remember(auth, &remembered);
    }
    if (is_known)
        *out = remembered.caller;
    else
        refuse(problems, NULL, PROBLEM_UNAUTHORISED);
    return ERR_OK;
}

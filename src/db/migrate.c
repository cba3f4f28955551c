/* Migrations: numbered tables, repeatable functions, reference data, grants. */
#include "db/migrate.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "db/queries.h"
#include "db/reference.h"
#include "embedded.h"
#include "log.h"

static int64_t number_of(const struct embedded *migration)
{
    return str_leading_int(migration->name);
}

int64_t migrate_newest(void)
{
    int64_t newest = 0;

    for (const struct embedded *migration = embedded_migrations; migration->name != NULL;
         migration++)
        newest = number_of(migration);
    return newest;
}

enum err migrate_applied(struct db_tx *tx, int64_t *out)
{
    AUTO(db_rows_finish) struct db_rows rows = {0};

    *out = 0;
    TRY(db_run_once(tx, &sql_migrate_exists, NULL, 0, &rows));
    if (!db_get_bool(&rows, 0, 0))
        return ERR_OK;
    db_rows_finish(&rows);
    TRY(db_run_once(tx, &sql_migrate_applied, NULL, 0, &rows));
    *out = db_get_int(&rows, 0, 0);
    return ERR_OK;
}

static enum err apply_migration(struct db_tx *tx, const struct embedded *migration)
{
    const struct db_value values[] = {db_int(number_of(migration)), db_text(migration->name)};

    LOG(LOG_LEVEL_INFO, "migration", LOG_T("name", migration->name));
    TRY(db_script(tx, migration->data));
    return db_run_once(tx, &sql_migrate_record, values, 2, NULL);
}

static enum err apply_migrations(struct db_tx *tx)
{
    int64_t applied;

    TRY(db_script(tx, sql_migrate_tables.text));
    TRY(migrate_applied(tx, &applied));
    for (const struct embedded *migration = embedded_migrations; migration->name != NULL;
         migration++)
        if (number_of(migration) > applied)
            TRY(apply_migration(tx, migration));
    return ERR_OK;
}

/* All functions in one text, so that a change of any of them is seen. */
static void join_functions(struct buf *out)
{
    for (const struct embedded *function = embedded_functions; function->name != NULL; function++) {
        buf_add(out, function->data, *function->size);
        buf_add_char(out, '\n');
    }
}

static void digest_text(const struct buf *text, char out[static MIGRATE_DIGEST_SIZE])
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned length = 0;

    if (EVP_Digest(text->data, text->length, digest, &length, EVP_sha256(), NULL) != 1)
        abort();
    for (unsigned i = 0; i < length; i++)
        snprintf(out + (size_t)2 * i, 3, "%02x", digest[i]);
}

void migrate_functions_digest(char out[static MIGRATE_DIGEST_SIZE])
{
    AUTO(buf_finish) struct buf functions = {0};

    join_functions(&functions);
    digest_text(&functions, out);
}

static enum err apply_functions(struct db_tx *tx)
{
    AUTO(db_rows_finish) struct db_rows rows = {0};
    AUTO(buf_finish) struct buf functions = {0};
    char digest[MIGRATE_DIGEST_SIZE];
    struct db_value value = db_text(digest);

    join_functions(&functions);
    digest_text(&functions, digest);
    TRY(db_run_once(tx, &sql_migrate_functions_changed, &value, 1, &rows));
    if (!db_get_bool(&rows, 0, 0))
        return ERR_OK;
    LOG(LOG_LEVEL_INFO, "functions replaced, projections rebuilt", LOG_T("name", "db/functions"));
    TRY(db_script(tx, buf_terminate(&functions)));
    TRY(db_script(tx, "SELECT rebuild_projections()"));
    return db_run_once(tx, &sql_migrate_functions_record, &value, 1, NULL);
}

/* Tables and the functions that know their columns change together, so that writers never meet one
 * without the other. */
static enum err apply_schema(struct db_tx *tx)
{
    TRY(db_script(tx, "BEGIN"));
    TRY(apply_migrations(tx));
    TRY(apply_functions(tx));
    return db_script(tx, "COMMIT");
}

static enum err grant(struct db_tx *tx, const char *service_role)
{
    struct db_value value = db_text(service_role);

    if (service_role == NULL)
        return ERR_OK;
    TRY(db_script(tx, "BEGIN"));
    TRY(db_script(tx, sql_migrate_grants.text));
    TRY(db_run_once(tx, &sql_migrate_grant, &value, 1, NULL));
    return db_script(tx, "COMMIT");
}

static enum err load_reference(struct db_tx *tx)
{
    TRY(db_script(tx, "BEGIN"));
    TRY(reference_load(tx));
    return db_script(tx, "COMMIT");
}

enum err migrate_run(struct db_pool *pool, const char *service_role)
{
    AUTO(db_tx_finish) struct db_tx tx = {0};

    TRY(db_tx_borrow(&tx, pool));
    TRY(db_run_once(&tx, &sql_migrate_lock, NULL, 0, NULL));
    TRY(apply_schema(&tx));
    TRY(load_reference(&tx));
    TRY(grant(&tx, service_role));
    return db_run_once(&tx, &sql_migrate_unlock, NULL, 0, NULL);
}

/* A connection that the server leaves in the middle of a transaction is a database that is away,
 * however little the server said: a server of two answers shows the orders that a real one gives by
 * chance. */
#include "db/db.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "support.h"

struct server {
    int listening;
    int connection;
    char folder[32];
    struct sockaddr_un address;
};

static void server_start(struct server *server)
{
    *server = (struct server){.folder = "/tmp/cpd-lost-XXXXXX", .address.sun_family = AF_UNIX};
    assert_non_null(mkdtemp(server->folder));
    snprintf(server->address.sun_path, sizeof(server->address.sun_path), "%s/.s.PGSQL.5432",
             server->folder);
    server->listening = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(
        bind(server->listening, (struct sockaddr *)&server->address, sizeof(server->address)), 0);
    assert_int_equal(listen(server->listening, 1), 0);
}

static void server_stop(struct server *server)
{
    close(server->listening);
    unlink(server->address.sun_path);
    rmdir(server->folder);
}

/* The messages fit into one read each: both ends are this process. */
static void take_message(const struct server *server)
{
    char bytes[1024];

    assert_true(read(server->connection, bytes, sizeof(bytes)) > 0);
}

static void say(const struct server *server, const char *bytes, size_t length)
{
    assert_int_equal(write(server->connection, bytes, length), (ssize_t)length);
}

#define SAY(server, bytes) say((server), (bytes), sizeof(bytes) - 1)

/* Lets one connection in and answers its BEGIN. */
static void *serve_begin(void *context)
{
    struct server *server = context;

    server->connection = accept(server->listening, NULL, NULL);
    assert_true(server->connection >= 0);
    take_message(server);
    SAY(server,
        "R\0\0\0\10\0\0\0\0" /* authenticated */
        "Z\0\0\0\5I");       /* ready */
    take_message(server);
    SAY(server,
        "C\0\0\0\12BEGIN\0"
        "Z\0\0\0\5T");
    return NULL;
}

static const struct {
    const char *name;
    const char *last_words;
    size_t length;
} ENDS[] = {
    {"without a word", "", 0},
#define WARNING "N\0\0\0\33SWARNING\0C57P02\0Mgone\0\0"
    {"with a warning, which is read when the write has failed", WARNING, sizeof(WARNING) - 1},
#define FATAL "E\0\0\0\31SFATAL\0C57P01\0Mgone\0\0"
    {"with an error", FATAL, sizeof(FATAL) - 1},
};

static enum err run_after(size_t end, const struct sql *sql)
{
    struct server server;
    char url[64];
    struct db_pool *pool;
    AUTO(db_tx_finish) struct db_tx tx = {0};
    pthread_t thread;
    enum err err;

    server_start(&server);
    snprintf(url, sizeof(url), "postgresql:///any?host=%s&user=any", server.folder);
    pool = db_pool_new(&(struct db_pool_options){.url = url, .size = 1, .wait_ms = 1000});
    assert_int_equal(pthread_create(&thread, NULL, serve_begin, &server), 0);
    assert_int_equal(db_tx_begin(&tx, pool), ERR_OK);
    pthread_join(thread, NULL);
    say(&server, ENDS[end].last_words, ENDS[end].length);
    close(server.connection);
    if (sql == NULL)
        err = db_tx_commit(&tx);
    else
        err = db_run_steps(&tx, &(struct db_step){.sql = sql}, 1);
    db_tx_finish(&tx);
    db_pool_free(pool);
    server_stop(&server);
    return err;
}

static void a_lost_connection_is_a_database_away(void **state)
{
    static const struct sql STATEMENT = {"statement", "SELECT 1"};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(ENDS); i++) {
        CHECK(run_after(i, NULL) == ERR_DB_AWAY, "COMMIT, left %s", ENDS[i].name);
        CHECK(run_after(i, &STATEMENT) == ERR_DB_AWAY, "a statement, left %s", ENDS[i].name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_lost_connection_is_a_database_away)};

    return RUN_TESTS(tests);
}

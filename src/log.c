/* JSON lines through yder. */
#include "log.h"

#include <inttypes.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <yder.h>

#include "base/buf.h"
#include "base/date.h"
#include "base/str.h"

static struct {
    enum log_level level;
    const char *environment;
    const char *release;
} settings = {.level = LOG_LEVEL_INFO, .environment = "development", .release = "-"};

/* Standard output, of which somebody else is the reader. A pipe that nobody empties would make
 * every request wait: once it has been full for a moment, lines are left out and counted, until
 * there is room again. */
static struct {
    pthread_mutex_t mutex;
    bool is_stuck;
    int64_t lost;
} output = {.mutex = PTHREAD_MUTEX_INITIALIZER};

static bool has_room(void)
{
    enum { PATIENCE_MS = 100 };
    struct pollfd out = {.fd = STDOUT_FILENO, .events = POLLOUT};

    return poll(&out, 1, output.is_stuck ? 0 : PATIENCE_MS) != 0;
}

/* yder's own line has a date and a program name in front; its callback gets the message alone. */
static void write_line(void *context, const char *app_name, const time_t date,
                       const unsigned long level, const char *message)
{
    (void)context;
    (void)app_name;
    (void)date;
    (void)level;
    pthread_mutex_lock(&output.mutex);
    output.is_stuck = !has_room();
    if (output.is_stuck) {
        output.lost++;
    } else {
        fprintf(stdout, "%s\n", message);
        if (fflush(stdout) != 0)
            clearerr(stdout); /* the reader has gone: whoever comes next has a log of its own */
    }
    pthread_mutex_unlock(&output.mutex);
}

/* How many lines were left out, once they can be told of. */
static int64_t take_lost(void)
{
    int64_t lost;

    pthread_mutex_lock(&output.mutex);
    lost = output.is_stuck ? 0 : output.lost;
    output.lost -= lost;
    pthread_mutex_unlock(&output.mutex);
    return lost;
}

void log_start(const struct config *config)
{
    settings.level = config->log_level;
    settings.environment = config->environment_name;
    settings.release = config->release_version;
    y_init_logs("cpd-api", Y_LOG_MODE_CALLBACK, Y_LOG_LEVEL_DEBUG, NULL, NULL);
    y_set_logs_callback(write_line, NULL, NULL);
}

void log_stop(void)
{
    y_close_logs();
}

bool log_is_wanted(enum log_level level)
{
    return level >= settings.level;
}

/* Some texts are a client's: a line stays JSON whatever they are. */
static void add_pair(struct buf *line, const char *name, const char *text)
{
    BUF_LITERAL(line, ",");
    buf_add_json_string(line, name, strlen(name));
    BUF_LITERAL(line, ":");
    if (text == NULL)
        BUF_LITERAL(line, "null");
    else if (!str_is_utf8(text, strlen(text)))
        BUF_LITERAL(line, "\"(not UTF-8)\"");
    else
        buf_add_json_string(line, text, strlen(text));
}

/* A duration is less than nothing when the wall clock was set back. */
static void add_milliseconds(struct buf *line, int64_t microseconds)
{
    int64_t duration = microseconds < 0 ? 0 : microseconds;

    buf_printf(line, "%" PRId64 ".%03" PRId64, duration / 1000, duration % 1000);
}

static void add_field(struct buf *line, const struct log_field *field)
{
    if (field->type == LOG_TEXT) {
        add_pair(line, field->name, field->text);
        return;
    }
    BUF_LITERAL(line, ",");
    buf_add_json_string(line, field->name, strlen(field->name));
    BUF_LITERAL(line, ":");
    if (field->type == LOG_MILLISECONDS)
        add_milliseconds(line, field->number);
    else if (field->type == LOG_JSON)
        buf_add_text(line, field->text == NULL ? "null" : field->text);
    else
        buf_add_int(line, field->number);
}

void log_fields(enum log_level level, const char *message, const struct log_field *fields)
{
    static const struct {
        const char *name;
        unsigned long yder;
    } levels[] = {[LOG_LEVEL_DEBUG] = {"debug", Y_LOG_LEVEL_DEBUG},
                  [LOG_LEVEL_INFO] = {"info", Y_LOG_LEVEL_INFO},
                  [LOG_LEVEL_WARN] = {"warn", Y_LOG_LEVEL_WARNING},
                  [LOG_LEVEL_ERROR] = {"error", Y_LOG_LEVEL_ERROR}};
    struct buf line = {0};
    char time[DATE_TEXT_SIZE];
    int64_t lost;

    if (!log_is_wanted(level))
        return;
    buf_printf(&line, "{\"@timestamp\":\"%s\"", instant_format_ms(instant_now(), time));
    add_pair(&line, "level", levels[level].name);
    add_pair(&line, "message", message);
    add_pair(&line, "environment", settings.environment);
    add_pair(&line, "release", settings.release);
    for (; fields->name != NULL; fields++)
        add_field(&line, fields);
    BUF_LITERAL(&line, "}");
    y_log_message(levels[level].yder, "%s", buf_terminate(&line));
    buf_finish(&line);
    lost = take_lost();
    if (lost > 0)
        LOG(LOG_LEVEL_ERROR, "log lines lost", LOG_N("count", lost));
}

enum err log_fault(enum err err, const char *where, const char *detail)
{
    LOG(err == ERR_DB_CONFLICT ? LOG_LEVEL_INFO : LOG_LEVEL_ERROR, "fault",
        LOG_T("fault", err_name(err)), LOG_T("where", where), LOG_T("detail", detail));
    return err;
}

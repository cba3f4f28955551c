/* What has become of the e-mails that Notify sent for us. */
#include "pages/notify.h"

#include <jansson.h>
#include <string.h>

#include "base/date.h"
#include "base/field.h"
#include "base/str.h"
#include "config.h"
#include "db/db.h"
#include "db/queries.h"
#include "db/row.h"
#include "log.h"

bool notify_is_callback(const char *method, const char *const *segments, size_t segment_count)
{
    return str_equal(method, "POST") && segment_count == 2 && str_equal(segments[0], "api") &&
           str_equal(segments[1], "notify-callback");
}

/* Takes as long for a wrong token as for the right one of the same length. */
static bool is_same_secret(const char *secret, const char *given)
{
    size_t length = strlen(given);
    unsigned char difference = strlen(secret) != length;

    for (size_t i = 0; i < length && secret[0] != '\0'; i++)
        difference |= (unsigned char)(secret[i % strlen(secret)] ^ given[i]);
    return difference == 0;
}

static bool is_authorised(const struct service *service, const char *token)
{
    const char *secret = service->config->notify_callback_token;

    return secret == NULL || (token != NULL && is_same_secret(secret, token));
}

/* Any status is kept, but these are all that should come while things go well. */
static void note_status(const char *status)
{
    static const char *const failures[] = {"permanent-failure", "temporary-failure",
                                           "technical-failure"};
    const char *known = "other";

    if (status != NULL && (str_equal(status, "sending") || str_equal(status, "delivered")))
        return;
    for (size_t i = 0; i < COUNT_OF(failures) && status != NULL; i++)
        if (str_equal(failures[i], status))
            known = failures[i];
    LOG(LOG_LEVEL_WARN, "e-mail not delivered", LOG_T("status", known));
}

static enum err receive(const struct service *service, const json_t *receipt)
{
    AUTO(db_tx_finish) struct db_tx tx = {0};
    const char *id = json_string_value(json_object_get(receipt, "id"));
    const char *status = json_string_value(json_object_get(receipt, "status"));
    const char *sent_at = json_string_value(json_object_get(receipt, "sent_at"));
    int64_t delivered_at = INSTANT_NONE;

    note_status(status);
    if (id == NULL)
        return ERR_OK;
    if (sent_at != NULL && !instant_parse_lenient(sent_at, &delivered_at))
        delivered_at = INSTANT_NONE;
    const struct db_value values[] = {db_text(id), db_text(status),
                                      db_instant_unless_none(delivered_at)};
    TRY(db_tx_borrow(&tx, service->pool));
    return db_run(&tx, &sql_nomination_emails_receive, values, COUNT_OF(values), NULL);
}

static void refuse_plainly(struct response *response)
{
    response->content_type = "text/plain; charset=utf-8";
    refuse(&response->problems, NULL, PROBLEM_UNAUTHORISED_CALLBACK);
}

enum err notify_callback(const struct service *service, const struct request *request,
                         const char *token, struct response *response)
{
    json_auto_t *receipt = NULL;

    if (!is_authorised(service, token)) {
        refuse_plainly(response);
        return ERR_OK;
    }
    receipt = json_loadb(request->body, request->body_length, 0, NULL);
    TRY(receive(service, receipt));
    response->status = 204;
    return ERR_OK;
}

/* What is told to analytics while ANALYTICS is on: web requests and changes of declarations, in an
 * outbox. Contract platform.md 12. */
#pragma once

#include <stdio.h>

#include "resources/requests.h"

/* What of a request may be told; the privacy of the log holds here, too. */
struct loggable {
    const char *method;
    const char *path;
    bool (*shows)(const struct param *param);
};

/* The queue of web requests. NULL, which all others accept: analytics is off. */
struct analytics;
struct analytics *analytics_start(const struct config *config, struct db_pool *pool);
void analytics_note(struct analytics *analytics, const struct exchange *exchange,
                    const struct loggable *loggable);
struct feed_counts analytics_count(struct analytics *analytics);
void analytics_stop(struct analytics *analytics);

/* For the options of a pool that changes declarations: the triggers look at this setting. NULL
 * while analytics is off. */
const char *analytics_settings(const struct config *config);

/* Writes the events from an instant on, a JSON object a line. */
enum err analytics_export(struct db_pool *pool, const struct config *config, int64_t since,
                          FILE *out) MUST_CHECK;

/* Rate limits: fixed windows, aligned to multiples of their period since 1970, and how many
 * requests each owner of a token or each address has sent in the one that runs. The clock is passed
 * in and is the real one, never the request's. Contract platform.md 6. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/address.h"

struct caller;
struct config;

/* What is limited; each rule has a limit and a period of its own. */
enum rate_rule { RATE_API, RATE_WEB, RATE_CSP_REPORTS, RATE_RULES };

/* The rule of a path, by its decoded segments; RATE_RULES for what is never limited: probes and
 * delivery receipts. */
enum rate_rule rate_rule_of(const char *method, const char *const *segments, size_t count);
const char *rate_rule_name(enum rate_rule rule);

/* When the window began in which an instant falls, and the whole seconds until it ends (1 to
 * period). Periods are in seconds. */
int64_t rate_window_start(int64_t now, int period);
int64_t rate_window_left(int64_t now, int period);

/* Whose requests are counted together, and by which rule. Tokens of a lead provider count for the
 * provider, others for their kind. */
enum { RATE_KEY_SIZE = 18 };

struct rate_key {
    uint8_t bytes[RATE_KEY_SIZE];
};

struct rate_key rate_key_of_caller(enum rate_rule rule, const struct caller *caller);
struct rate_key rate_key_of_address(enum rate_rule rule, const struct address *address);

struct rate_verdict {
    bool is_refused;
    bool is_first_refusal; /* of this key in this window, here */
    int limit;
    int period;
    int64_t remaining;
    int64_t seconds_left; /* until the window ends */
};

struct rate_limits;

/* Memory is bounded: the addresses and owners that were seen last are known, and one that is
 * forgotten starts again, as if it had sent nothing here. */
struct rate_limits *rate_limits_new(const struct config *config);
void rate_limits_free(struct rate_limits *limits); /* accepts NULL */

/* Counts one request, also one that is refused. */
struct rate_verdict rate_limits_take(struct rate_limits *limits, const struct rate_key *key,
                                     int64_t now);

/* How many requests this instance has refused, ever. */
int64_t rate_limits_refused(const struct rate_limits *limits, enum rate_rule rule);

/* ---- what instances tell one another
 * -------------------------------------------------------------------------------------------- */

struct rate_count {
    struct rate_key key;
    int64_t window; /* its start */
    int64_t own;    /* requests counted by this instance */
    bool is_news;   /* own has changed since it was learned */
    int64_t others; /* requests counted by all other instances */
};

/* The counts of running windows that were used in the last seconds, owners of tokens first, then
 * the newest. others is not filled in. */
size_t rate_limits_gather(struct rate_limits *limits, int64_t now, struct rate_count *out,
                          size_t max);

/* Takes over that own was told, and what others said. What others have counted never becomes less
 * within a window, even if the place where it was kept is lost. */
void rate_limits_learn(struct rate_limits *limits, const struct rate_count *counts, size_t count);

/* The start of the oldest window that may still run. */
int64_t rate_limits_oldest_window(const struct rate_limits *limits, int64_t now);

/* Instances tell one another, through the database, what they have counted. */
#pragma once

struct db_pool;
struct rate_limits;
struct rate_sharing;

/* A few times a second, until it is stopped; a request never waits for it. While the database is
 * away each instance counts for itself. */
struct rate_sharing *rate_sharing_start(struct rate_limits *limits, struct db_pool *pool);
void rate_sharing_stop(struct rate_sharing *sharing); /* accepts NULL */

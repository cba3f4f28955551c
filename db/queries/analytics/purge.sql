-- Deletes the oldest events, some at a time, so that no transaction is long. $1 instant, $2 how many at most
WITH gone AS (
    DELETE FROM analytics_events
     WHERE id IN (SELECT r.id FROM analytics_events r WHERE r.occurred_at < $1 ORDER BY r.occurred_at, r.id LIMIT $2)
    RETURNING 1
)
SELECT count(*) FROM gone;

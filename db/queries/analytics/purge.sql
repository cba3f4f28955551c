-- Deletes the oldest events, some at a time, so that no transaction is long; found by their place, for a join
-- would read the whole table each time. $1 instant, $2 how many at most
WITH gone AS (
    DELETE FROM analytics_events
     WHERE ctid = ANY (ARRAY(SELECT r.ctid FROM analytics_events r WHERE r.occurred_at < $1 ORDER BY r.occurred_at LIMIT $2))
    RETURNING 1
)
SELECT count(*) FROM gone;

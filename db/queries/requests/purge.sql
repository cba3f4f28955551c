-- Deletes the oldest records, some at a time, so that no transaction is long; found by their place, for a join
-- would read the whole table each time. $1 instant, $2 how many at most
WITH gone AS (
    DELETE FROM api_requests
     WHERE ctid = ANY (ARRAY(SELECT r.ctid FROM api_requests r WHERE r.created_at < $1 ORDER BY r.created_at LIMIT $2))
    RETURNING 1
)
SELECT count(*) FROM gone;

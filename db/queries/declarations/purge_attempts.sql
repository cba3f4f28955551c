-- Deletes the oldest attempts at declarations, some at a time, so that no transaction is long. $1 instant, $2 how many at most
WITH gone AS (
    DELETE FROM declaration_attempts
     WHERE id IN (SELECT r.id FROM declaration_attempts r WHERE r.created_at < $1 ORDER BY r.created_at, r.id LIMIT $2)
    RETURNING 1
)
SELECT count(*) FROM gone;

-- Notes how a run ended and when its job is due again; forgets its runs of more than a year ago.
-- $1 name, $2 run, $3 now, $4 fault or NULL, $5 how much was done, $6 due next, $7 failures, $8 given up
WITH run AS (
    UPDATE job_runs SET status = CASE WHEN $4::text IS NULL THEN 'done' ELSE 'failed' END, error = $4, done = $5,
           finished_at = $3
     WHERE id = $2
), old AS (
    DELETE FROM job_runs WHERE job = $1 AND started_at < $3::timestamptz - interval '1 year'
)
UPDATE jobs SET next_run_at = $6, failures = $7, is_dead = $8, died_at = CASE WHEN $8 THEN $3 ELSE died_at END
 WHERE name = $1;

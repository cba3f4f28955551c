-- The state of a job, its row locked until the transaction ends; no row: another one runs it. The lock lets runs refer
-- to the job. $1 name
SELECT j.next_run_at, j.failures, j.is_dead FROM jobs j WHERE j.name = $1 FOR NO KEY UPDATE SKIP LOCKED;

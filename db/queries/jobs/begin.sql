-- Notes that a job runs; what is still said to run of it was interrupted. $1 name, $2 now
WITH interrupted AS (
    UPDATE job_runs SET status = 'failed', error = 'interrupted', finished_at = $2
     WHERE job = $1 AND status = 'running'
)
INSERT INTO job_runs (job, started_at) VALUES ($1, $2) RETURNING id;

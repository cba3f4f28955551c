-- Which runs of jobs ended after $1 and until $2; no more than the last thousand can have.
SELECT r.job, r.status, (extract(epoch FROM r.finished_at - r.started_at) * 1000000)::bigint
  FROM job_runs r
 WHERE r.id > (SELECT coalesce(max(id), 0) - 1000 FROM job_runs) AND r.finished_at > $1 AND r.finished_at <= $2;

-- How a job stands. $1 name
SELECT to_char(r.started_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
       CASE WHEN r.status = 'running' THEN 'running'
            WHEN j.is_dead THEN 'given up'
            WHEN j.failures > 0 THEN 'trying again'
            WHEN r.id IS NULL THEN 'never ran'
            WHEN j.next_run_at <= now() THEN 'due'
            ELSE 'done' END,
       r.error
  FROM jobs j
  LEFT JOIN LATERAL (SELECT * FROM job_runs WHERE job = j.name ORDER BY id DESC LIMIT 1) r ON true
 WHERE j.name = $1;

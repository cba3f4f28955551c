-- How many jobs are due, wait to be tried again, are given up; when one was given up last.
SELECT count(*) FILTER (WHERE j.next_run_at IS NULL OR j.next_run_at <= now()),
       count(*) FILTER (WHERE j.failures > 0 AND NOT j.is_dead),
       count(*) FILTER (WHERE j.is_dead),
       max(j.died_at)
  FROM jobs j;

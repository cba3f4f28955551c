-- How many jobs are due, wait to be tried again, are given up; when one was given up last. A job that has never run is
-- due at once, and missed an hour after it became known: then no worker is there.
SELECT count(*) FILTER (WHERE coalesce(j.next_run_at, j.known_at + interval '1 hour') <= now()),
       count(*) FILTER (WHERE j.failures > 0 AND NOT j.is_dead),
       count(*) FILTER (WHERE j.is_dead),
       max(j.died_at)
  FROM jobs j;

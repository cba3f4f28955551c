-- Open statements whose deadline has passed, those of missed nights too. $1 day on which the job runs
SELECT id FROM statements WHERE state = 'open' AND deadline_date < $1::date ORDER BY deadline_date, id;

-- Is there such a cohort? $1 cohort
SELECT EXISTS (SELECT FROM cohorts WHERE start_year = $1);

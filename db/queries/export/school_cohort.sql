-- What each school has chosen for each cohort, as records.
SELECT 'school_cohort' AS type, sc.school_id, sc.cohort, sc.induction_programme_choice, sc.default_programme_id,
       sc.opt_out_of_updates,
       export_instant(sc.created_at) AS created_at, export_instant(sc.updated_at) AS updated_at
  FROM school_cohorts sc
 WHERE export_wants('school', sc.school_id)
 ORDER BY sc.school_id, sc.cohort;

-- Cohorts, as records.
SELECT 'cohort' AS type, c.start_year, export_instant(c.registration_start_date) AS registration_start_date,
       export_instant(c.academic_year_start_date) AS academic_year_start_date,
       c.automatic_assignment_period_end_date, export_instant(c.payments_frozen_at) AS payments_frozen_at,
       c.mentor_funding, c.detailed_evidence_types,
       export_instant(c.created_at) AS created_at, export_instant(c.updated_at) AS updated_at
  FROM cohorts c
 ORDER BY c.start_year;

-- Schedules, as records.
SELECT 'schedule' AS type, s.cohort, s.identifier, s.name,
       export_instant(s.created_at) AS created_at, export_instant(s.updated_at) AS updated_at
  FROM schedules s
 ORDER BY s.cohort, s.identifier;

-- Milestones, as records.
SELECT 'milestone' AS type, export_schedule(m.cohort, m.schedule_identifier) AS schedule, m.declaration_type, m.name,
       m.start_date, m.milestone_date, m.payment_date,
       export_instant(m.created_at) AS created_at, export_instant(m.updated_at) AS updated_at
  FROM milestones m
 ORDER BY m.cohort, m.schedule_identifier, m.declaration_type;

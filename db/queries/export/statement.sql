-- Statements, as records.
SELECT 'statement' AS type, s.id, s.lead_provider_id, s.cohort, s.name, s.deadline_date, s.payment_date,
       s.output_fee, s.state, export_instant(s.marked_as_paid_at) AS marked_as_paid_at,
       export_instant(s.created_at) AS created_at, export_instant(s.updated_at) AS updated_at
  FROM statements s
 WHERE export_wants('statement', s.id)
 ORDER BY s.id;

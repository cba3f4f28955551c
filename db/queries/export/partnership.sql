-- Partnerships, as records.
SELECT 'partnership' AS type, p.id, p.school_id, p.cohort, p.lead_provider_id, p.delivery_partner_id, p.relationship,
       p.pending, p.challenge_reason, export_instant(p.challenged_at) AS challenged_at,
       export_instant(p.challenge_deadline) AS challenge_deadline, p.report_id,
       export_instant(p.created_at) AS created_at, export_instant(p.updated_at) AS updated_at
  FROM partnerships p
 WHERE export_wants('school', p.school_id)
 ORDER BY p.id;

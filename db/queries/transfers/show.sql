-- One participant who moved, as in page.sql. $1 lead provider, $2 since or NULL, $3 participant
WITH page AS MATERIALIZED (
    SELECT * FROM provider_transfers
     WHERE lead_provider_id = $1 AND participant_id = $3 AND ($2::timestamptz IS NULL OR participant_updated_at >= $2)
)
SELECT page.participant_id, page.participant_updated_at, tr.id, r.id, r.induction_status = 'leaving', r.school_transfer, ip.school_id, s.urn,
       p.lead_provider_id, lp.name, r.start_date, r.end_date, r.created_at, r.updated_at
  FROM page
  JOIN training_records tr ON tr.participant_id = page.participant_id
  JOIN induction_records r ON r.training_record_id = tr.id
  JOIN induction_programmes ip ON ip.id = r.programme_id
  JOIN schools s ON s.id = ip.school_id
  LEFT JOIN partnerships p ON p.id = ip.partnership_id
  LEFT JOIN lead_providers lp ON lp.id = p.lead_provider_id
 ORDER BY tr.created_at, tr.id, r.created_at, r.id;

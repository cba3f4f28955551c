-- One page of the participants who moved between schools, one of them the lead provider's; a row an induction record.
-- $1 lead provider, $2 limit, $3 offset
WITH page AS MATERIALIZED (
    SELECT * FROM provider_transfers
     WHERE lead_provider_id = $1
     ORDER BY participant_created_at, participant_id
     LIMIT $2 OFFSET $3
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
 ORDER BY page.participant_created_at, page.participant_id, tr.created_at, tr.id, r.created_at, r.id;

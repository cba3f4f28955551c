-- One participant who moved, as in page.sql. $1 lead provider, $2 since or NULL, $3 participant
WITH page AS MATERIALIZED (
    SELECT u.id, u.created_at, u.updated_at FROM users u
     WHERE u.id = $3 AND u.id IN (SELECT tr.participant_id
                      FROM induction_records r
                      JOIN induction_programmes ip ON ip.id = r.programme_id
                      JOIN partnerships p ON p.id = ip.partnership_id AND p.lead_provider_id = $1
                      JOIN training_records tr ON tr.id = r.training_record_id
                     WHERE (r.school_transfer OR r.induction_status = 'leaving')
                       AND EXISTS (SELECT FROM induction_records leaving
                                    WHERE leaving.training_record_id = tr.id AND leaving.induction_status = 'leaving'))
       AND ($2::timestamptz IS NULL OR u.updated_at >= $2)
)
SELECT page.id, page.updated_at, tr.id, r.id, r.induction_status = 'leaving', r.school_transfer, ip.school_id, s.urn,
       p.lead_provider_id, lp.name, r.start_date, r.end_date, r.created_at, r.updated_at
  FROM page
  JOIN training_records tr ON tr.participant_id = page.id
  JOIN induction_records r ON r.training_record_id = tr.id
  JOIN induction_programmes ip ON ip.id = r.programme_id
  JOIN schools s ON s.id = ip.school_id
  LEFT JOIN partnerships p ON p.id = ip.partnership_id
  LEFT JOIN lead_providers lp ON lp.id = p.lead_provider_id
 ORDER BY CASE WHEN $2::timestamptz IS NULL THEN page.created_at ELSE page.updated_at END, page.id,
          tr.created_at, tr.id, r.created_at, r.id;

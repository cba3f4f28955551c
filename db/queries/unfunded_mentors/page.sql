-- One page of the mentors of a lead provider's participants who are not themselves its participants.
-- $1 lead provider, $2 limit, $3 offset
WITH page AS MATERIALIZED (
    SELECT participant_created_at, participant_id FROM provider_unfunded_mentors
     WHERE lead_provider_id = $1
     GROUP BY participant_created_at, participant_id
     ORDER BY participant_created_at, participant_id
     LIMIT $2 OFFSET $3
)
SELECT u.id, u.full_name,
       coalesce((SELECT nullif(btrim(i.email), '') FROM identities i WHERE i.id = newest.preferred_identity_id), u.email),
       coalesce(nullif(btrim(pa.trn), ''), tr.validation_trn), u.created_at, u.updated_at
  FROM page
 CROSS JOIN LATERAL ( -- of several training records the earliest
           SELECT t.id, t.validation_trn FROM provider_unfunded_mentors m JOIN training_records t ON t.id = m.training_record_id
            WHERE m.participant_id = page.participant_id AND m.lead_provider_id = $1
            ORDER BY t.created_at, t.id LIMIT 1) tr
  JOIN users u ON u.id = page.participant_id
  JOIN participants pa ON pa.user_id = page.participant_id
  LEFT JOIN LATERAL (
           SELECT ir.preferred_identity_id FROM induction_records ir
            WHERE ir.training_record_id = tr.id
            ORDER BY ir.end_date IS NOT NULL, ir.start_date DESC, ir.end_date DESC, ir.created_at DESC, ir.id
            LIMIT 1) newest ON true
 ORDER BY page.participant_created_at, page.participant_id;

-- One such mentor. $1 lead provider, $2 user, $3 since or NULL
WITH page AS MATERIALIZED (
    SELECT DISTINCT participant_id FROM provider_unfunded_mentors
     WHERE lead_provider_id = $1 AND participant_id = $2
       AND ($3::timestamptz IS NULL OR participant_updated_at >= $3)
)
SELECT m.id, m.full_name, m.email, m.trn, m.created_at, m.updated_at
  FROM page
 CROSS JOIN LATERAL unfunded_mentor_shown($1, page.participant_id) m;

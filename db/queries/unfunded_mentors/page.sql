-- One page of the mentors of a lead provider's participants who are not themselves its participants.
-- $1 lead provider, $2 limit, $3 offset
WITH page AS MATERIALIZED (
    SELECT participant_created_at, participant_id FROM provider_unfunded_mentors
     WHERE lead_provider_id = $1
     GROUP BY participant_created_at, participant_id
     ORDER BY participant_created_at, participant_id
     LIMIT $2 OFFSET $3
)
SELECT m.id, m.full_name, m.email, m.trn, m.created_at, m.updated_at
  FROM page
 CROSS JOIN LATERAL unfunded_mentor_shown($1, page.participant_id) m
 ORDER BY page.participant_created_at, page.participant_id;

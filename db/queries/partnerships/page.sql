-- One page of a lead provider's partnerships, the challenged ones too, in the order in which they were made.
-- $1 lead provider, $2 cohorts or NULL, $3 delivery partners or NULL, $4 limit, $5 offset
WITH page AS MATERIALIZED (
    SELECT * FROM partnerships
     WHERE lead_provider_id = $1 AND NOT relationship AND is_cohort_wanted(cohort, $2::smallint[])
       AND ($3::uuid[] IS NULL OR delivery_partner_id = ANY ($3))
     ORDER BY created_at, id
     LIMIT $4 OFFSET $5
)
SELECT p.id, p.cohort, s.urn, p.school_id, p.delivery_partner_id, dp.name, p.challenge_reason, p.challenged_at,
       tutor.full_name,
       coalesce(tutor.email, nullif(btrim(s.primary_contact_email), ''), s.secondary_contact_email),
       p.created_at, greatest(p.updated_at, s.updated_at, dp.updated_at, tutor.updated_at)
  FROM page p
  JOIN schools s ON s.id = p.school_id
  LEFT JOIN delivery_partners dp ON dp.id = p.delivery_partner_id AND dp.discarded_at IS NULL
  LEFT JOIN LATERAL (
           SELECT u.full_name, u.email, u.updated_at
             FROM induction_tutor_schools its
             JOIN induction_tutors it ON it.user_id = its.user_id
             JOIN users u ON u.id = its.user_id
            WHERE its.school_id = p.school_id
            ORDER BY it.created_at, it.user_id LIMIT 1) tutor ON true
 ORDER BY p.created_at, p.id;

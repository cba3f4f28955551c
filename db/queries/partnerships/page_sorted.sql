-- One page of a lead provider's partnerships, the challenged ones too, in any order or by what changed.
-- $1 lead provider, $2 cohorts or NULL, $3 delivery partners or NULL, $4 since or NULL, $5 $6 $7 sort keys or NULL,
-- $8 limit, $9 offset
SELECT p.id, p.cohort, s.urn, p.school_id, p.delivery_partner_id, dp.name, p.challenge_reason, p.challenged_at,
       tutor.full_name,
       coalesce(tutor.email, nullif(btrim(s.primary_contact_email), ''), s.secondary_contact_email),
       p.created_at, greatest(p.updated_at, s.updated_at, dp.updated_at, tutor.updated_at)
  FROM partnerships p
  JOIN schools s ON s.id = p.school_id
  LEFT JOIN delivery_partners dp ON dp.id = p.delivery_partner_id AND dp.discarded_at IS NULL
  LEFT JOIN LATERAL (
           SELECT u.full_name, u.email, u.updated_at
             FROM induction_tutor_schools its
             JOIN induction_tutors it ON it.user_id = its.user_id
             JOIN users u ON u.id = its.user_id
            WHERE its.school_id = p.school_id
            ORDER BY it.created_at, it.user_id LIMIT 1) tutor ON true
 WHERE p.lead_provider_id = $1 AND NOT p.relationship AND is_cohort_wanted(p.cohort, $2::smallint[])
   AND ($3::uuid[] IS NULL OR p.delivery_partner_id = ANY ($3))
   AND ($4::timestamptz IS NULL OR p.updated_at >= $4 OR s.updated_at >= $4 OR dp.updated_at >= $4
        OR EXISTS (SELECT FROM induction_tutor_schools its JOIN users u ON u.id = its.user_id
                    WHERE its.school_id = p.school_id AND u.updated_at >= $4))
 ORDER BY sort_up($5, p.created_at, p.updated_at), sort_down($5, p.created_at, p.updated_at) DESC,
          sort_text_up($5, '{challenge_reason,challenged_at,challenge_deadline,delivery_partner_id,school_id,id}', ARRAY[p.challenge_reason, p.challenged_at::text, p.challenge_deadline::text, p.delivery_partner_id::text, p.school_id::text, p.id::text]),
          sort_text_down($5, '{challenge_reason,challenged_at,challenge_deadline,delivery_partner_id,school_id,id}', ARRAY[p.challenge_reason, p.challenged_at::text, p.challenge_deadline::text, p.delivery_partner_id::text, p.school_id::text, p.id::text]) DESC,
          sort_up($6, p.created_at, p.updated_at), sort_down($6, p.created_at, p.updated_at) DESC,
          sort_text_up($6, '{challenge_reason,challenged_at,challenge_deadline,delivery_partner_id,school_id,id}', ARRAY[p.challenge_reason, p.challenged_at::text, p.challenge_deadline::text, p.delivery_partner_id::text, p.school_id::text, p.id::text]),
          sort_text_down($6, '{challenge_reason,challenged_at,challenge_deadline,delivery_partner_id,school_id,id}', ARRAY[p.challenge_reason, p.challenged_at::text, p.challenge_deadline::text, p.delivery_partner_id::text, p.school_id::text, p.id::text]) DESC,
          sort_up($7, p.created_at, p.updated_at), sort_down($7, p.created_at, p.updated_at) DESC,
          sort_text_up($7, '{challenge_reason,challenged_at,challenge_deadline,delivery_partner_id,school_id,id}', ARRAY[p.challenge_reason, p.challenged_at::text, p.challenge_deadline::text, p.delivery_partner_id::text, p.school_id::text, p.id::text]),
          sort_text_down($7, '{challenge_reason,challenged_at,challenge_deadline,delivery_partner_id,school_id,id}', ARRAY[p.challenge_reason, p.challenged_at::text, p.challenge_deadline::text, p.delivery_partner_id::text, p.school_id::text, p.id::text]) DESC,
          CASE WHEN $5 IS NULL THEN p.created_at END, p.id
 LIMIT $8 OFFSET $9;

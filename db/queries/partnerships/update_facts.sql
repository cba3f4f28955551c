-- All that decides on a new delivery partner; no row if the partnership is not the provider's own.
-- $1 lead provider, $2 partnership, $3 delivery partner or NULL
SELECT p.school_id, p.cohort, p.delivery_partner_id, p.challenged_at IS NOT NULL OR p.challenge_reason IS NOT NULL,
       EXISTS (SELECT FROM delivery_partners dp WHERE dp.id = $3::uuid AND dp.discarded_at IS NULL),
       EXISTS (SELECT FROM provider_relationships r
                WHERE r.lead_provider_id = $1 AND r.delivery_partner_id = $3 AND r.cohort = p.cohort
                  AND r.discarded_at IS NULL),
       EXISTS (SELECT FROM partnerships other
                WHERE other.school_id = p.school_id AND other.cohort = p.cohort AND other.lead_provider_id = $1
                  AND other.delivery_partner_id = $3 AND other.id <> p.id)
  FROM partnerships p
 WHERE p.id = $2 AND p.lead_provider_id = $1 AND NOT p.relationship;

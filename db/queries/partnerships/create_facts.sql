-- All that decides on a new partnership; one row. $1 lead provider, $2 cohort or NULL, $3 school or NULL,
-- $4 delivery partner or NULL
SELECT c.start_year, s.id IS NOT NULL, coalesce(is_eligible(s), false),
       coalesce(is_open(s) AND s.type_code IN (10, 11, 30, 37), false), confirmed_provider(s.id, $2::bigint::integer),
       confirmed_provider(s.id, $2::bigint::integer - 1) IS NOT NULL, sc.school_id IS NOT NULL,
       EXISTS (SELECT FROM delivery_partners dp WHERE dp.id = $4::uuid AND dp.discarded_at IS NULL),
       EXISTS (SELECT FROM provider_relationships r
                WHERE r.lead_provider_id = $1 AND r.delivery_partner_id = $4 AND r.cohort = $2 AND r.discarded_at IS NULL)
  FROM (SELECT 1) AS one
  LEFT JOIN cohorts c ON c.start_year = $2
  LEFT JOIN schools s ON s.id = $3::uuid
  LEFT JOIN school_cohorts sc ON sc.school_id = s.id AND sc.cohort = $2;

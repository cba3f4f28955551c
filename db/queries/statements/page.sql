-- One page of a lead provider's statements that pay output fees.
-- $1 lead provider, $2 cohorts or NULL, $3 updated since or NULL, $4 limit, $5 offset
SELECT id, split_part(btrim(name), ' ', 1), substring(name FROM '[0-9]+'), cohort, deadline_date, payment_date,
       state = 'paid', created_at, updated_at
  FROM statements
 WHERE lead_provider_id = $1 AND output_fee AND is_cohort_wanted(cohort, $2::smallint[])
   AND ($3::timestamptz IS NULL OR updated_at >= $3)
 ORDER BY payment_date, id
 LIMIT $4 OFFSET $5;

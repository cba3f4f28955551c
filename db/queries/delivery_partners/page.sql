-- One page of the delivery partners that a lead provider works with in the cohorts asked for.
-- $1 lead provider, $2 cohorts or NULL, $3 $4 $5 sort keys or NULL, $6 limit, $7 offset
SELECT dp.id, dp.name, dp.created_at, dp.updated_at, delivery_partner_cohorts($1, dp.id)
  FROM delivery_partners dp
 WHERE dp.discarded_at IS NULL
   AND EXISTS (SELECT FROM provider_relationships r
                WHERE r.lead_provider_id = $1 AND r.delivery_partner_id = dp.id AND r.discarded_at IS NULL
                  AND is_cohort_wanted(r.cohort, $2::smallint[]))
 ORDER BY sort_up($3, dp.created_at, dp.updated_at), sort_down($3, dp.created_at, dp.updated_at) DESC,
          sort_text_up($3, '{name,id}', ARRAY[dp.name, dp.id::text]),
          sort_text_down($3, '{name,id}', ARRAY[dp.name, dp.id::text]) DESC,
          sort_up($4, dp.created_at, dp.updated_at), sort_down($4, dp.created_at, dp.updated_at) DESC,
          sort_text_up($4, '{name,id}', ARRAY[dp.name, dp.id::text]),
          sort_text_down($4, '{name,id}', ARRAY[dp.name, dp.id::text]) DESC,
          sort_up($5, dp.created_at, dp.updated_at), sort_down($5, dp.created_at, dp.updated_at) DESC,
          sort_text_up($5, '{name,id}', ARRAY[dp.name, dp.id::text]),
          sort_text_down($5, '{name,id}', ARRAY[dp.name, dp.id::text]) DESC,
          CASE WHEN $3 IS NULL THEN dp.created_at END, dp.id
 LIMIT $6 OFFSET $7;

-- One page of the declarations that a lead provider sees and that changed.
-- $1 lead provider, $2 cohorts or NULL, $3 since, $4 limit, $5 offset
-- $6 also what version 3 alone shows?
WITH page AS MATERIALIZED (
    SELECT declaration_id FROM provider_declarations
     WHERE lead_provider_id = $1 AND (in_v1 OR $6) AND updated_at >= $3 AND ($2::smallint[] IS NULL OR cohort = ANY ($2))
     ORDER BY created_at, declaration_id
     LIMIT $4 OFFSET $5
)
SELECT d.shown, lp.cpd_name
  FROM page
 CROSS JOIN LATERAL (SELECT * FROM provider_declarations seen -- OFFSET 0: one index look-up a row, in every plan
                      WHERE seen.lead_provider_id = $1 AND seen.declaration_id = page.declaration_id OFFSET 0) d
  JOIN lead_providers lp ON lp.id = d.declaring_provider_id
 ORDER BY d.created_at, d.declaration_id;

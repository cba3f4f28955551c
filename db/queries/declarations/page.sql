-- One page of the declarations that a lead provider sees. $1 lead provider, $2 cohorts or NULL, $3 limit, $4 offset
-- $5 also what version 3 alone shows?
SELECT d.shown, lp.cpd_name
  FROM (SELECT * FROM provider_declarations
         WHERE lead_provider_id = $1 AND (in_v1 OR $5) AND ($2::smallint[] IS NULL OR cohort = ANY ($2))
         ORDER BY created_at, declaration_id
         LIMIT $3 OFFSET $4) d
  JOIN lead_providers lp ON lp.id = d.declaring_provider_id
 ORDER BY d.created_at, d.declaration_id;

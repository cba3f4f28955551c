-- One page of the declarations that a lead provider sees of some delivery partners.
-- $1 lead provider, $2 cohorts or NULL, $3 delivery partners, $4 since or NULL, $5 limit, $6 offset
-- $7 also what version 3 alone shows?
WITH page AS MATERIALIZED (
    SELECT declaration_id FROM provider_declarations
     WHERE lead_provider_id = $1 AND (in_v1 OR $7) AND delivery_partner_id = ANY ($3::uuid[])
       AND ($2::smallint[] IS NULL OR cohort = ANY ($2))
       AND ($4::timestamptz IS NULL OR updated_at >= $4)
     ORDER BY created_at, declaration_id
     LIMIT $5 OFFSET $6
)
SELECT d.shown, lp.cpd_name
  FROM page
 CROSS JOIN LATERAL (SELECT * FROM provider_declarations seen -- OFFSET 0: one index look-up a row, in every plan
                      WHERE seen.lead_provider_id = $1 AND seen.declaration_id = page.declaration_id OFFSET 0) d
  JOIN lead_providers lp ON lp.id = d.declaring_provider_id
 ORDER BY d.created_at, d.declaration_id;

-- One page of the declarations that a lead provider sees of some participants.
-- $1 lead provider, $2 cohorts or NULL, $3 participants, $4 delivery partners or NULL, $5 since or NULL, $6 limit,
-- $7 offset
-- $8 also what version 3 alone shows?
WITH page AS MATERIALIZED (
    SELECT declaration_id FROM provider_declarations
     WHERE lead_provider_id = $1 AND (in_v1 OR $8) AND participant_id = ANY ($3::uuid[])
       AND ($2::smallint[] IS NULL OR cohort = ANY ($2))
       AND ($4::uuid[] IS NULL OR delivery_partner_id = ANY ($4))
       AND ($5::timestamptz IS NULL OR updated_at >= $5)
     ORDER BY created_at, declaration_id
     LIMIT $6 OFFSET $7
)
SELECT d.shown, lp.cpd_name
  FROM page
 CROSS JOIN LATERAL (SELECT * FROM provider_declarations seen -- OFFSET 0: one index look-up a row, in every plan
                      WHERE seen.lead_provider_id = $1 AND seen.declaration_id = page.declaration_id OFFSET 0) d
  JOIN lead_providers lp ON lp.id = d.declaring_provider_id
 ORDER BY d.created_at, d.declaration_id;

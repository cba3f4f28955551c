-- The next declarations behind a place in the list. $1 lead provider, $2 since or NULL, $3 participants or NULL,
-- $4 also what version 3 alone shows?, $5 when created, $6 declaration, $7 limit
SELECT d.shown, lp.cpd_name
  FROM (SELECT * FROM provider_declarations
         WHERE lead_provider_id = $1 AND (in_v1 OR $4) AND (created_at, declaration_id) > ($5::timestamptz, $6::uuid)
           AND ($2::timestamptz IS NULL OR updated_at >= $2) AND ($3::uuid[] IS NULL OR participant_id = ANY ($3))
         ORDER BY created_at, declaration_id
         LIMIT $7) d
  JOIN lead_providers lp ON lp.id = d.declaring_provider_id
 ORDER BY d.created_at, d.declaration_id;

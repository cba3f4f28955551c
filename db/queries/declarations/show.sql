-- One declaration that a lead provider sees. $1 lead provider, $2 declaration, $3 cohorts or NULL, $4 since or NULL,
-- $5 participants or NULL, $6 also what version 3 alone shows?
SELECT d.shown, lp.cpd_name
  FROM provider_declarations d
  JOIN lead_providers lp ON lp.id = d.declaring_provider_id
 WHERE d.lead_provider_id = $1 AND d.declaration_id = $2 AND ($3::smallint[] IS NULL OR d.cohort = ANY ($3))
   AND ($4::timestamptz IS NULL OR d.updated_at >= $4) AND ($5::uuid[] IS NULL OR d.participant_id = ANY ($5))
   AND (d.in_v1 OR $6);

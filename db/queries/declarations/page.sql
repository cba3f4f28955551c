-- One page of the declarations that a lead provider sees. $1 lead provider, $2 cohorts or NULL, $3 limit, $4 offset
-- $5 also what version 3 alone shows?
SELECT d.declaration_id, d.participant_id, d.declaration_type, d.course_identifier, d.declaration_date, d.mentor_id, d.state,
       d.updated_at, d.created_at, d.delivery_partner_id, d.statement_id, d.clawback_statement_id, d.state_reason,
       d.has_uplift, d.evidence_held, lp.cpd_name
  FROM (SELECT * FROM provider_declarations
         WHERE lead_provider_id = $1 AND (in_v1 OR $5) AND ($2::smallint[] IS NULL OR cohort = ANY ($2))
         ORDER BY created_at, declaration_id
         LIMIT $3 OFFSET $4) d
  JOIN lead_providers lp ON lp.id = d.declaring_provider_id
 ORDER BY d.created_at, d.declaration_id;

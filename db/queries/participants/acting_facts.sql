-- Whom an action means, and what the provider has of them; one row. $1 lead provider, $2 participant id or NULL,
-- $3 kind or NULL, $4 state that the reason is for, $5 reason or NULL, $6 are the terms of 2025 in force?
WITH person AS (
    SELECT participant_of($2::uuid) AS id
), record AS (
    SELECT tr.* FROM person, acting_record($1, person.id, $3) tr
)
SELECT person.id, record.id, latest.id, latest.training_status,
       EXISTS (SELECT FROM training_status_reasons r
                WHERE r.state = $4::text AND r.reason = $5::text
                  AND CASE WHEN $6::boolean THEN r.accepted_with_2025_terms ELSE r.accepted_with_earlier_terms END)
  FROM person
  LEFT JOIN record ON true
  LEFT JOIN LATERAL provider_record($1, record.id, NULL) latest ON true;

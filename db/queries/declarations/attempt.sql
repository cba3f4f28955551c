-- Keeps what was declared in vain. $1 participant, $2 lead provider, $3 type, $4 date, $5 course, $6 evidence, $7 now
INSERT INTO declaration_attempts (user_id, lead_provider_id, declaration_type, declaration_date, course_identifier,
           evidence_held, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7);

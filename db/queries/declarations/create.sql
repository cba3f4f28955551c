-- Writes an accepted declaration with everything that belongs to it.
-- $1 id, $2 training record, $3 participant, $4 lead provider, $5 type, $6 date, $7 course, $8 cohort, $9 state,
-- $10 evidence as stored, $11 delivery partner, $12 mentor, $13 superseded by, $14 pupil premium, $15 sparsity,
-- $16 state reason, $17 statement or NULL, $18 evidence as sent, $19 now
WITH declared AS (
    INSERT INTO declarations (id, training_record_id, participant_id, lead_provider_id, declaration_type,
               declaration_date, course_identifier, cohort, state, evidence_held, delivery_partner_id, mentor_id,
               superseded_by_id, pupil_premium_uplift, sparsity_uplift, state_reason, created_at, updated_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $19, change_instant())
), states AS (
    INSERT INTO declaration_states (declaration_id, state, reason, created_at)
    SELECT $1, s.state, CASE WHEN s.state = 'ineligible' THEN $16::text END, $19
      FROM (VALUES ('submitted'::text), (nullif($9::text, 'submitted'))) AS s (state)
     WHERE s.state IS NOT NULL
), item AS (
    INSERT INTO statement_line_items (statement_id, declaration_id, state, created_at, updated_at)
    SELECT $17::uuid, $1, $9, $19, change_instant() WHERE $17::uuid IS NOT NULL
)
INSERT INTO declaration_attempts (user_id, lead_provider_id, declaration_type, declaration_date, course_identifier,
           evidence_held, declaration_id, created_at)
VALUES ($3, $4, $5, $6, $7, $18, $1, $19);

-- Voids a declaration, or has it clawed back. $1 declaration, $2 new state, $3 statement of the clawback or NULL, $4 now
WITH voided AS (
    UPDATE declarations SET state = $2 WHERE id = $1
), states AS (
    INSERT INTO declaration_states (declaration_id, state, created_at) VALUES ($1, $2, $4)
), items AS (
    UPDATE statement_line_items SET state = 'voided'
     WHERE declaration_id = $1 AND $2 = 'voided' AND state IN ('eligible', 'payable', 'ineligible')
)
INSERT INTO statement_line_items (statement_id, declaration_id, state, created_at, updated_at)
SELECT $3::uuid, $1, $2, $4, change_instant() WHERE $3::uuid IS NOT NULL;

-- The output fee statement that a declaration of this provider and cohort joins at an instant, or NULL: contract
-- rules.md section 1.4. The deadline day itself still counts.
CREATE OR REPLACE FUNCTION next_statement(provider uuid, of_cohort smallint, at timestamptz) RETURNS uuid
LANGUAGE sql STABLE AS $$
    SELECT s.id FROM statements s
     WHERE s.lead_provider_id = provider AND s.cohort = of_cohort AND s.output_fee AND s.state = 'open'
       AND s.deadline_date >= (at AT TIME ZONE 'UTC')::date
     ORDER BY s.deadline_date, s.id LIMIT 1
$$;

-- These training records have become eligible: contract rules.md sections 6.1 and 7. Their submitted declarations
-- become eligible, each on the next statement as of the given instant; without one a declaration stays submitted.
-- Declarations in "untouched" keep what they are. Gives the ids of those promoted.
CREATE OR REPLACE FUNCTION promote_submitted(training_record_ids uuid[], at timestamptz,
                                             untouched uuid[] DEFAULT '{}')
RETURNS SETOF uuid LANGUAGE plpgsql AS $$
BEGIN
    PERFORM share_statements(p.lead_provider_id)
       FROM (SELECT DISTINCT d.lead_provider_id FROM declarations d
              WHERE d.training_record_id = ANY (training_record_ids) AND d.state = 'submitted') p;
    RETURN QUERY
    WITH submitted AS (
        SELECT d.id, next_statement(d.lead_provider_id, d.cohort, at) AS statement_id
          FROM declarations d
         WHERE d.training_record_id = ANY (training_record_ids) AND d.state = 'submitted'
           AND d.id <> ALL (untouched)
    ), promoted AS (
        UPDATE declarations d SET state = 'eligible', updated_at = greatest(d.updated_at, change_instant())
          FROM submitted s
         WHERE d.id = s.id AND s.statement_id IS NOT NULL
        RETURNING d.id, s.statement_id
    ), items AS (
        INSERT INTO statement_line_items (statement_id, declaration_id, state, created_at, updated_at)
        SELECT p.statement_id, p.id, 'eligible', change_instant(), change_instant() FROM promoted p
    ), history AS (
        INSERT INTO declaration_states (declaration_id, state, created_at)
        SELECT p.id, 'eligible', at FROM promoted p
    )
    SELECT p.id FROM promoted p;
END
$$;

-- What time and finance do to statements: contract rules.md section 6. Each function is one transaction's work on one
-- statement, takes the provider's turn first (25_acting.sql), and does nothing the second time.

-- Declarations on a statement go from one state to another, and their line items with them.
CREATE OR REPLACE FUNCTION move_line_items(statement uuid, from_state text, to_state text, at timestamptz)
RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    moved uuid[];
BEGIN
    moved := ARRAY(SELECT li.declaration_id FROM statement_line_items li
                    WHERE li.statement_id = statement AND li.state = from_state);
    PERFORM lock_participants(ARRAY(SELECT DISTINCT d.participant_id FROM declarations d WHERE d.id = ANY (moved)));
    UPDATE declarations SET state = to_state WHERE id = ANY (moved) AND state = from_state;
    INSERT INTO declaration_states (declaration_id, state, created_at)
    SELECT declaration_id, to_state, at FROM unnest(moved) AS declaration_id;
    UPDATE statement_line_items SET state = to_state WHERE statement_id = statement AND state = from_state;
    RETURN cardinality(moved);
END
$$;

-- The deadline has passed: the statement becomes payable, and what is eligible on it. NULL if it was not open.
CREATE OR REPLACE FUNCTION close_statement(statement uuid, at timestamptz) RETURNS integer LANGUAGE plpgsql AS $$
BEGIN
    PERFORM lock_statements(lead_provider_id) FROM statements WHERE id = statement;
    UPDATE statements SET state = 'payable' WHERE id = statement AND state = 'open';
    RETURN CASE WHEN FOUND THEN move_line_items(statement, 'eligible', 'payable', at) END;
END
$$;

-- Why finance cannot authorise a statement now; NULL if it can.
CREATE OR REPLACE FUNCTION payment_refusal(statement uuid, at timestamptz) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT CASE
        WHEN s.id IS NULL THEN 'there is no such statement'
        WHEN NOT s.output_fee THEN 'it has no output fee'
        WHEN s.state = 'paid' THEN 'it is paid already'
        WHEN s.state = 'open' THEN 'it is not payable yet'
        WHEN s.deadline_date >= (at AT TIME ZONE 'UTC')::date THEN 'its deadline has not passed'
        WHEN NOT EXISTS (SELECT FROM statement_line_items li WHERE li.statement_id = s.id) THEN 'it has no declarations'
    END
      FROM (SELECT statement AS wanted) w LEFT JOIN statements s ON s.id = w.wanted
$$;

-- Finance authorises: payable declarations are paid, clawbacks on the statement are done. Gives the refusal, or NULL.
CREATE OR REPLACE FUNCTION pay_statement(statement uuid, at timestamptz) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    refusal text;
BEGIN
    PERFORM lock_statements(lead_provider_id) FROM statements WHERE id = statement;
    refusal := payment_refusal(statement, at);
    IF refusal IS NULL THEN
        UPDATE statements SET state = 'paid', marked_as_paid_at = at WHERE id = statement;
        PERFORM move_line_items(statement, 'payable', 'paid', at);
        PERFORM move_line_items(statement, 'awaiting_clawback', 'clawed_back', at);
    END IF;
    RETURN refusal;
END
$$;

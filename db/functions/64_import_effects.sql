-- What an import brings about beside its own records: contract rules.md sections 6.1 and 7, v3.md section 5. The
-- chain is that of 40_propagation.sql, for all records at once. An updated_at that the file gives is kept.

CREATE OR REPLACE FUNCTION import_find_stamped() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    CREATE TEMPORARY TABLE import_stamped ON COMMIT DROP AS
    SELECT r.target, r.id::uuid AS id FROM import_rows r
     WHERE r.target IN ('schools', 'induction_records', 'training_records', 'declarations', 'users')
       AND r.doc ? 'updated_at';
    ANALYZE import_stamped;
END
$$;

-- Training records that have become eligible. A declaration whose state stands in the same file keeps that state,
-- or the file would say something else when it is imported again.
CREATE OR REPLACE FUNCTION import_promote(at timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    eligible uuid[] := ARRAY(
        SELECT (m.new).id FROM merged_training_records m
         WHERE m.action = 'update' AND (m.new).eligibility_status = 'eligible'
           AND (m.old).eligibility_status IS DISTINCT FROM 'eligible');
BEGIN
    CREATE TEMPORARY TABLE import_promoted ON COMMIT DROP AS
    SELECT p AS id FROM promote_submitted(eligible, at, ARRAY(
        SELECT d.id FROM declarations d
          JOIN import_rows r ON r.target = 'declarations' AND r.id = d.id::text AND r.doc ? 'state'
         WHERE d.training_record_id = ANY (eligible))) p;
END
$$;

-- The training records that a change reaches, without those that the file itself has brought.
CREATE OR REPLACE FUNCTION import_find_records() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    CREATE TEMPORARY TABLE import_records ON COMMIT DROP AS
    WITH changed_schools AS (
        SELECT (m.old).school_id AS school_id, NULL::smallint AS cohort FROM merged_partnerships m
        UNION SELECT (m.new).school_id, NULL FROM merged_partnerships m
        UNION SELECT (m.old).school_id, (m.old).cohort FROM merged_school_cohorts m
        UNION SELECT (m.new).school_id, (m.new).cohort FROM merged_school_cohorts m
    ), reached AS (
        SELECT (m.old).training_record_id AS id FROM merged_induction_records m
        UNION SELECT (m.new).training_record_id FROM merged_induction_records m
        UNION SELECT (m.old).training_record_id FROM merged_training_states m
        UNION SELECT (m.new).training_record_id FROM merged_training_states m
        UNION SELECT tr.id FROM changed_schools c
                JOIN training_records tr ON tr.school_id = c.school_id AND tr.cohort = coalesce(c.cohort, tr.cohort)
        UNION SELECT ir.training_record_id FROM merged_induction_programmes m
                JOIN induction_records ir ON ir.programme_id = (m.new).id
               WHERE m.action <> 'insert' AND (ir.end_date IS NULL OR ir.end_date > change_instant())
    )
    SELECT tr.id, tr.participant_id FROM reached JOIN training_records tr USING (id)
     WHERE NOT EXISTS (SELECT FROM merged_training_records m WHERE m.action = 'insert' AND (m.new).id = tr.id);
END
$$;

-- Mentors who are newly named.
CREATE OR REPLACE FUNCTION import_new_mentors() RETURNS SETOF uuid LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY
    SELECT tr.participant_id
      FROM merged_induction_records m
      JOIN training_records tr ON tr.id = (m.new).mentor_training_record_id
     WHERE (m.old).mentor_training_record_id IS DISTINCT FROM (m.new).mentor_training_record_id
       AND (m.action <> 'insert'
            OR NOT EXISTS (SELECT FROM induction_records earlier
                            WHERE earlier.training_record_id = (m.new).training_record_id
                              AND earlier.mentor_training_record_id = (m.new).mentor_training_record_id
                              AND NOT EXISTS (SELECT FROM merged_induction_records o
                                               WHERE o.action = 'insert' AND (o.new).id = earlier.id)));
END
$$;

-- The people whose records are changed or touched.
CREATE OR REPLACE FUNCTION import_find_touched() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    CREATE TEMPORARY TABLE import_touched ON COMMIT DROP AS
    WITH touched AS (
        SELECT coalesce((m.new).user_id, (m.old).user_id) AS id FROM merged_participants m
        UNION SELECT (m.old).user_id FROM merged_identities m
        UNION SELECT (m.new).user_id FROM merged_identities m
        UNION SELECT coalesce((m.new).participant_id, (m.old).participant_id) FROM merged_participant_id_changes m
        UNION SELECT (m.new).user_id FROM merged_induction_tutors m
        UNION SELECT coalesce((m.new).user_id, (m.old).user_id) FROM merged_induction_tutor_schools m
        UNION SELECT (m.old).participant_id FROM merged_training_records m
        UNION SELECT (m.new).participant_id FROM merged_training_records m
        UNION SELECT r.participant_id FROM import_records r
        UNION SELECT import_new_mentors()
    )
    SELECT id FROM touched WHERE id IS NOT NULL;
END
$$;

-- Those whose projections may have changed: beside the touched, people of whom others' records are shown.
CREATE OR REPLACE FUNCTION import_people() RETURNS uuid[] LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
    WITH programmes AS (
        SELECT (m.new).id FROM merged_induction_programmes m WHERE m.action <> 'insert'
        UNION SELECT ip.id FROM merged_partnerships m
                JOIN induction_programmes ip ON ip.partnership_id IN ((m.old).id, (m.new).id)
               WHERE m.action <> 'insert'
        UNION SELECT ip.id FROM merged_schools m JOIN induction_programmes ip ON ip.school_id = (m.new).id
               WHERE m.action <> 'insert' AND (m.old).urn <> (m.new).urn
    ), mentors AS (
        SELECT (m.new).id FROM merged_training_records m
         WHERE m.action <> 'insert' AND (m.old).identity_id IS DISTINCT FROM (m.new).identity_id
        UNION SELECT tr.id FROM merged_identities m JOIN training_records tr ON tr.identity_id = (m.new).id
               WHERE m.action <> 'insert' AND (m.old).user_id <> (m.new).user_id
    ), seen AS (
        SELECT id FROM import_touched
        UNION SELECT (m.new).id FROM merged_users m
        UNION SELECT (m.new).participant_id FROM merged_declarations m
        UNION SELECT (m.old).participant_id FROM merged_declarations m
        UNION SELECT d.participant_id FROM merged_statement_line_items m
                JOIN declarations d ON d.id IN ((m.old).declaration_id, (m.new).declaration_id)
        UNION SELECT d.participant_id FROM import_promoted JOIN declarations d USING (id)
        UNION SELECT tr.participant_id FROM induction_records ir
                JOIN training_records tr ON tr.id = ir.training_record_id
               WHERE ir.programme_id IN (SELECT id FROM programmes)
        UNION SELECT tr.participant_id FROM induction_records ir
                JOIN training_records tr ON tr.id = ir.training_record_id
               WHERE ir.mentor_training_record_id IN (SELECT id FROM mentors)
    )
    SELECT coalesce(array_agg(id ORDER BY id), '{}') FROM seen WHERE id IS NOT NULL);
END
$$;

-- Pushes updated_at up the chain. What this import has written itself carries this instant already.
CREATE OR REPLACE FUNCTION import_touch() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    at CONSTANT timestamptz := change_instant();
BEGIN
    UPDATE schools s SET updated_at = at
     WHERE s.id IN (SELECT (m.old).school_id FROM merged_partnerships m
                    UNION SELECT (m.new).school_id FROM merged_partnerships m)
       AND s.updated_at < at AND (s.id, 'schools') NOT IN (SELECT k.id, k.target FROM import_stamped k);
    UPDATE induction_records ir SET updated_at = at
      FROM merged_induction_programmes m
     WHERE ir.programme_id = (m.new).id AND m.action <> 'insert' AND (ir.end_date IS NULL OR ir.end_date > at)
       AND ir.updated_at < at AND (ir.id, 'induction_records') NOT IN (SELECT k.id, k.target FROM import_stamped k);
    UPDATE training_records tr SET updated_at = at
      FROM import_records r
     WHERE tr.id = r.id AND tr.updated_at < at
       AND (tr.id, 'training_records') NOT IN (SELECT k.id, k.target FROM import_stamped k);
    UPDATE declarations d SET updated_at = at
      FROM merged_statement_line_items m
     WHERE d.id IN ((m.old).declaration_id, (m.new).declaration_id)
       AND d.updated_at < at AND (d.id, 'declarations') NOT IN (SELECT k.id, k.target FROM import_stamped k);
    UPDATE users u SET updated_at = at
      FROM import_touched t
     WHERE u.id = t.id AND u.updated_at < at AND (u.id, 'users') NOT IN (SELECT k.id, k.target FROM import_stamped k);
END
$$;

-- The events of 45_events.sql, whose triggers are silent while cpd.bulk is on.
CREATE OR REPLACE FUNCTION import_log_events() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO events (name, subject_type, subject_id, actor, before, after)
    SELECT e.name, e.subject_type, e.id, 'import', CASE WHEN e.action <> 'insert' THEN e.before END, e.after
      FROM (SELECT m.action, 'declaration ' || (m.new).state AS name, 'declaration' AS subject_type, (m.new).id,
                   jsonb_build_object('state', (m.old).state) AS before,
                   jsonb_build_object('state', (m.new).state, 'declaration_type', (m.new).declaration_type,
                                      'reason', (m.new).state_reason) AS after
              FROM merged_declarations m WHERE (m.old).state IS DISTINCT FROM (m.new).state
            UNION ALL
            SELECT 'update', 'declaration eligible', 'declaration', d.id, jsonb_build_object('state', 'submitted'),
                   jsonb_build_object('state', d.state, 'declaration_type', d.declaration_type,
                                      'reason', d.state_reason)
              FROM import_promoted JOIN declarations d USING (id)
            UNION ALL
            SELECT m.action, 'line item ' || (m.new).state, 'declaration', (m.new).declaration_id,
                   jsonb_build_object('state', (m.old).state, 'statement_id', (m.old).statement_id),
                   jsonb_build_object('state', (m.new).state, 'statement_id', (m.new).statement_id)
              FROM merged_statement_line_items m WHERE m.action <> 'delete'
            UNION ALL
            SELECT 'insert', 'line item ' || li.state, 'declaration', li.declaration_id, NULL,
                   jsonb_build_object('state', li.state, 'statement_id', li.statement_id)
              FROM import_promoted p JOIN statement_line_items li ON li.declaration_id = p.id
            UNION ALL
            SELECT 'delete', 'line item deleted', 'declaration', (m.old).declaration_id,
                   jsonb_build_object('state', (m.old).state, 'statement_id', (m.old).statement_id), NULL
              FROM merged_statement_line_items m WHERE m.action = 'delete'
            UNION ALL
            SELECT m.action, 'statement ' || (m.new).state, 'statement', (m.new).id,
                   jsonb_build_object('state', (m.old).state), jsonb_build_object('state', (m.new).state)
              FROM merged_statements m WHERE m.action <> 'insert' AND (m.old).state <> (m.new).state
            UNION ALL
            SELECT m.action, 'training ' || (m.new).state, 'training_record', (m.new).training_record_id,
                   jsonb_build_object('state', (m.old).state, 'reason', (m.old).reason),
                   jsonb_build_object('state', (m.new).state, 'reason', (m.new).reason,
                                      'lead_provider_id', (m.new).lead_provider_id)
              FROM merged_training_states m WHERE (m.old).state IS DISTINCT FROM (m.new).state
            UNION ALL
            SELECT m.action, 'training record changed', 'training_record', (m.new).id, import_traced(m.old),
                   import_traced(m.new)
              FROM merged_training_records m
             WHERE m.action = 'update' AND import_traced(m.old) <> import_traced(m.new)) e;
END
$$;

-- The histories that API writes keep as well.
CREATE OR REPLACE FUNCTION import_keep_history() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO declaration_states (declaration_id, state, reason, created_at)
    SELECT (m.new).id, (m.new).state, (m.new).state_reason,
           CASE m.action WHEN 'insert' THEN (m.new).created_at ELSE change_instant() END
      FROM merged_declarations m
     WHERE (m.old).state IS DISTINCT FROM (m.new).state;
    INSERT INTO schedule_changes (training_record_id, schedule_cohort, schedule_identifier, created_at)
    SELECT (m.new).id, (m.new).schedule_cohort, (m.new).schedule_identifier, change_instant()
      FROM merged_training_records m
     WHERE m.action = 'update' AND ((m.old).schedule_cohort, (m.old).schedule_identifier)
                                <> ((m.new).schedule_cohort, (m.new).schedule_identifier);
END
$$;

CREATE OR REPLACE FUNCTION import_traced(of training_records) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('cohort', of.cohort, 'schedule', of.schedule_identifier, 'schedule_cohort',
                              of.schedule_cohort, 'eligibility', of.eligibility_status, 'mentor_completion_date',
                              of.mentor_completion_date)
$$;

CREATE OR REPLACE FUNCTION import_effects(at timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    people uuid[];
BEGIN
    PERFORM import_find_stamped();
    PERFORM import_promote(at);
    PERFORM import_find_records();
    PERFORM import_find_touched();
    people := import_people();
    PERFORM lock_participants(people);
    PERFORM import_touch();
    PERFORM import_log_events();
    PERFORM import_keep_history();
    PERFORM refresh_many_participants(people);
END
$$;

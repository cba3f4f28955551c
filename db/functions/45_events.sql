-- Every change of money or training state leaves an event, whichever way it came about. Who acts, a write says in
-- settings of its transaction (db/queries/writing/begin.sql); without them it was the system.
CREATE OR REPLACE FUNCTION record_event(what text, of_type text, of_id uuid, was jsonb, became jsonb)
RETURNS void LANGUAGE sql AS $$
    INSERT INTO events (name, subject_type, subject_id, actor, token_id, request_id, before, after)
    VALUES (what, of_type, of_id, coalesce(nullif(current_setting('cpd.actor', true), ''), 'system'),
            nullif(current_setting('cpd.token', true), '')::uuid, nullif(current_setting('cpd.request', true), ''),
            was, became)
$$;

CREATE OR REPLACE FUNCTION declaration_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM record_event('declaration ' || NEW.state, 'declaration', NEW.id,
        CASE WHEN TG_OP = 'UPDATE' THEN jsonb_build_object('state', OLD.state) END,
        jsonb_build_object('state', NEW.state, 'declaration_type', NEW.declaration_type, 'reason', NEW.state_reason));
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION line_item_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM record_event('line item ' || NEW.state, 'declaration', NEW.declaration_id,
        CASE WHEN TG_OP = 'UPDATE' THEN jsonb_build_object('state', OLD.state, 'statement_id', OLD.statement_id) END,
        jsonb_build_object('state', NEW.state, 'statement_id', NEW.statement_id));
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION statement_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM record_event('statement ' || NEW.state, 'statement', NEW.id, jsonb_build_object('state', OLD.state),
        jsonb_build_object('state', NEW.state));
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION training_state_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM record_event('training ' || NEW.state, 'training_record', NEW.training_record_id, NULL,
        jsonb_build_object('state', NEW.state, 'reason', NEW.reason, 'lead_provider_id', NEW.lead_provider_id));
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION training_record_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM record_event('training record changed', 'training_record', NEW.id,
        jsonb_build_object('cohort', OLD.cohort, 'schedule', OLD.schedule_identifier, 'schedule_cohort',
            OLD.schedule_cohort, 'eligibility', OLD.eligibility_status, 'mentor_completion_date',
            OLD.mentor_completion_date),
        jsonb_build_object('cohort', NEW.cohort, 'schedule', NEW.schedule_identifier, 'schedule_cohort',
            NEW.schedule_cohort, 'eligibility', NEW.eligibility_status, 'mentor_completion_date',
            NEW.mentor_completion_date));
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION partnership_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM record_event('partnership changed', 'partnership', NEW.id,
        CASE WHEN TG_OP = 'UPDATE' THEN jsonb_build_object('delivery_partner_id', OLD.delivery_partner_id, 'relationship',
            OLD.relationship, 'challenge_reason', OLD.challenge_reason, 'report_id', OLD.report_id) END,
        jsonb_build_object('delivery_partner_id', NEW.delivery_partner_id, 'relationship', NEW.relationship,
            'challenge_reason', NEW.challenge_reason, 'report_id', NEW.report_id));
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION service_mode_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM record_event('service ' || NEW.mode, 'service', NULL,
        jsonb_build_object('mode', OLD.mode, 'ends_at', OLD.ends_at),
        jsonb_build_object('mode', NEW.mode, 'ends_at', NEW.ends_at));
    RETURN NULL;
END
$$;

DO $$
DECLARE
    rule record;
    not_bulk CONSTANT text := 'current_setting(''cpd.bulk'', true) IS DISTINCT FROM ''on''';
BEGIN
    FOR rule IN
        SELECT * FROM (VALUES
            ('declarations',         'INSERT', 'declaration_event', 'true'),
            ('declarations',         'UPDATE', 'declaration_event', 'OLD.state <> NEW.state'),
            ('statement_line_items', 'INSERT', 'line_item_event', 'true'),
            ('statement_line_items', 'UPDATE', 'line_item_event', 'OLD.* IS DISTINCT FROM NEW.*'),
            ('statements',           'UPDATE', 'statement_event', 'OLD.state <> NEW.state'),
            ('training_states',      'INSERT', 'training_state_event', 'true'),
            ('training_records',     'UPDATE', 'training_record_event',
             '(OLD.cohort, OLD.schedule_cohort, OLD.schedule_identifier, OLD.eligibility_status, OLD.mentor_completion_date)
              IS DISTINCT FROM
              (NEW.cohort, NEW.schedule_cohort, NEW.schedule_identifier, NEW.eligibility_status, NEW.mentor_completion_date)'),
            ('partnerships',         'INSERT', 'partnership_event', 'true'),
            ('partnerships',         'UPDATE', 'partnership_event', 'OLD.report_id IS DISTINCT FROM NEW.report_id'),
            ('service_mode',         'UPDATE', 'service_mode_event',
             '(OLD.mode, OLD.ends_at) IS DISTINCT FROM (NEW.mode, NEW.ends_at)')
        ) AS r (table_name, event, function_name, condition)
    LOOP
        EXECUTE format('CREATE OR REPLACE TRIGGER %I AFTER %s ON %I FOR EACH ROW WHEN (%s AND %s) EXECUTE FUNCTION %I()',
                       rule.function_name || '_after_' || lower(rule.event), rule.event, rule.table_name, not_bulk,
                       rule.condition, rule.function_name);
    END LOOP;
END
$$;

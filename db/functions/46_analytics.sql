-- Changes of declarations become analytics events where the session says so (resources/analytics.h); otherwise this costs
-- the look at a setting. What may be free text is hidden data.
CREATE OR REPLACE FUNCTION analytics_pairs(members jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(jsonb_agg(jsonb_build_object('key', m.key, 'value', jsonb_build_array(m.value)) ORDER BY m.key), '[]')
      FROM jsonb_each_text(members) m
$$;

CREATE OR REPLACE FUNCTION declaration_analytics() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO analytics_events (occurred_at, event_type, event)
    VALUES (clock_timestamp(), CASE TG_OP WHEN 'INSERT' THEN 'create_entity' ELSE 'update_entity' END,
            jsonb_build_object(
                'entity_table_name', 'participant_declarations',
                'request_uuid', nullif(current_setting('cpd.request', true), ''),
                'user_id', NEW.lead_provider_id,
                'data', analytics_pairs(to_jsonb(NEW) - 'evidence_held'),
                'hidden_data', analytics_pairs(jsonb_build_object('evidence_held', NEW.evidence_held))));
    RETURN NULL;
END
$$;

DO $$
DECLARE
    wanted CONSTANT text := 'current_setting(''cpd.analytics'', true) = ''on''
        AND current_setting(''cpd.bulk'', true) IS DISTINCT FROM ''on''';
BEGIN
    EXECUTE format('CREATE OR REPLACE TRIGGER declaration_analytics_after_insert AFTER INSERT ON declarations
        FOR EACH ROW WHEN (%s) EXECUTE FUNCTION declaration_analytics()', wanted);
    EXECUTE format('CREATE OR REPLACE TRIGGER declaration_analytics_after_update AFTER UPDATE ON declarations
        FOR EACH ROW WHEN (%s AND OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION declaration_analytics()', wanted);
END
$$;

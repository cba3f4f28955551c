-- What the statements of db/queries/export/ share.

CREATE OR REPLACE FUNCTION export_instant(at timestamptz) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
$$;

CREATE OR REPLACE FUNCTION export_schedule(cohort smallint, identifier text) RETURNS json LANGUAGE sql STABLE AS $$
    SELECT format('{"cohort":%s,"identifier":%s}', cohort, to_json(identifier))::json
$$;

-- Does the export hold what hangs on this record? Everything, unless export_only() has narrowed it.
CREATE OR REPLACE FUNCTION export_wants(of_type text, of_id uuid) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF current_setting('cpd.export', true) IS DISTINCT FROM 'narrow' THEN
        RETURN true;
    END IF;
    RETURN EXISTS (SELECT FROM export_scope s WHERE s.type = of_type AND s.id = of_id);
END
$$;

-- Narrows the export of this transaction to what one lead provider sees, and what that refers to, so that the file
-- can be imported by itself: its people with their whole history, their schools, and whatever these name.
CREATE OR REPLACE FUNCTION export_only(provider uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    found_more boolean := true;
BEGIN
    CREATE TEMPORARY TABLE export_scope (type text, id uuid, PRIMARY KEY (type, id)) ON COMMIT DROP;
    PERFORM set_config('cpd.export', 'narrow', true);
    INSERT INTO export_scope
    SELECT 'participant', e.participant_id FROM provider_enrolments e WHERE e.lead_provider_id = provider
    UNION SELECT 'participant', d.participant_id FROM provider_declarations d WHERE d.lead_provider_id = provider
    UNION SELECT 'participant', tr.participant_id
            FROM partnerships p
            JOIN induction_programmes ip ON ip.partnership_id = p.id
            JOIN induction_records ir ON ir.programme_id = ip.id
            JOIN training_records tr ON tr.id = ir.training_record_id
           WHERE p.lead_provider_id = provider;
    WHILE found_more LOOP
        found_more := export_add_people();
    END LOOP;
    PERFORM export_add_schools(provider);
    PERFORM export_add_providers(provider);
END
$$;

-- The people whom those in the scope name; says whether there were any.
CREATE OR REPLACE FUNCTION export_add_people() RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO export_scope
    SELECT 'participant', named.id
      FROM export_scope s
      JOIN training_records tr ON tr.participant_id = s.id
     CROSS JOIN LATERAL (
               SELECT mentor.participant_id AS id FROM induction_records ir
                 JOIN training_records mentor ON mentor.id = ir.mentor_training_record_id
                WHERE ir.training_record_id = tr.id
               UNION SELECT i.user_id FROM induction_records ir JOIN identities i ON i.id = ir.preferred_identity_id
                      WHERE ir.training_record_id = tr.id
               UNION SELECT i.user_id FROM identities i WHERE i.id = tr.identity_id
               UNION SELECT d.mentor_id FROM declarations d WHERE d.training_record_id = tr.id
               UNION SELECT other.participant_id FROM declarations d
                       JOIN declarations other ON other.id = d.superseded_by_id
                      WHERE d.training_record_id = tr.id) named
     WHERE s.type = 'participant' AND named.id IS NOT NULL
    ON CONFLICT DO NOTHING;
    RETURN FOUND;
END
$$;

-- The schools of the provider's partnerships and of the people; each with all its partnerships and programmes.
CREATE OR REPLACE FUNCTION export_add_schools(provider uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO export_scope
    SELECT 'school', p.school_id FROM partnerships p WHERE p.lead_provider_id = provider
    UNION SELECT 'school', tr.school_id FROM training_records tr WHERE export_wants('participant', tr.participant_id)
    UNION SELECT 'school', place.school_id
            FROM training_records tr
            JOIN induction_records ir ON ir.training_record_id = tr.id
            JOIN induction_programmes ip ON ip.id = ir.programme_id
            LEFT JOIN partnerships p ON p.id = ip.partnership_id
           CROSS JOIN LATERAL (VALUES (ip.school_id), (p.school_id)) place (school_id)
           WHERE export_wants('participant', tr.participant_id) AND place.school_id IS NOT NULL;
END
$$;

CREATE OR REPLACE FUNCTION export_add_providers(provider uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO export_scope
    SELECT 'statement', s.id FROM statements s WHERE s.lead_provider_id = provider
    UNION SELECT 'statement', li.statement_id FROM statement_line_items li
            JOIN declarations d ON d.id = li.declaration_id
           WHERE export_wants('participant', d.participant_id);
    INSERT INTO export_scope
    SELECT 'lead_provider', provider
    UNION SELECT 'lead_provider', p.lead_provider_id FROM partnerships p WHERE export_wants('school', p.school_id)
    UNION SELECT 'lead_provider', s.lead_provider_id FROM statements s WHERE export_wants('statement', s.id)
    UNION SELECT 'lead_provider', d.lead_provider_id FROM declarations d
           WHERE export_wants('participant', d.participant_id)
    UNION SELECT 'lead_provider', ts.lead_provider_id FROM training_states ts
            JOIN training_records tr ON tr.id = ts.training_record_id
           WHERE ts.lead_provider_id IS NOT NULL AND export_wants('participant', tr.participant_id);
    INSERT INTO export_scope
    SELECT 'delivery_partner', r.delivery_partner_id FROM provider_relationships r WHERE r.lead_provider_id = provider
    UNION SELECT 'delivery_partner', p.delivery_partner_id FROM partnerships p
           WHERE p.delivery_partner_id IS NOT NULL AND export_wants('school', p.school_id)
    UNION SELECT 'delivery_partner', d.delivery_partner_id FROM declarations d
           WHERE d.delivery_partner_id IS NOT NULL AND export_wants('participant', d.participant_id);
    INSERT INTO export_scope
    SELECT 'relationships', provider;
END
$$;

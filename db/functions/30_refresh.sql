-- Bring the projections of these participants up to date, in the transaction that changed them. The people are
-- locked first and read afterwards, by a later statement and so with a later snapshot: of two transactions that
-- change one person the second waits, and then sees what the first wrote. Unchanged rows are left alone.
-- A plan that was kept while the tables were empty must not read them whole once they are full, as it would within
-- the transaction that fills them: hence no sequential scans, and ON CONFLICT instead of an anti-join.
CREATE OR REPLACE FUNCTION lock_participants(participant_ids uuid[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM users WHERE id = ANY (participant_ids) ORDER BY id FOR NO KEY UPDATE;
END
$$;

CREATE OR REPLACE FUNCTION refresh_enrolments(participant_ids uuid[]) RETURNS void
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
DECLARE
    stored provider_enrolments[];
    fresh provider_enrolments[];
BEGIN
    stored := ARRAY(SELECT e FROM provider_enrolments e WHERE e.participant_id = ANY (participant_ids));
    fresh := ARRAY(SELECT e FROM enrolments_of(participant_ids) e);
    DELETE FROM provider_enrolments old
     WHERE old.participant_id = ANY (participant_ids)
       AND NOT EXISTS (SELECT FROM unnest(fresh) f
                        WHERE (f.lead_provider_id, f.training_record_id, f.schedule_cohort)
                            = (old.lead_provider_id, old.training_record_id, old.schedule_cohort)
                          AND f IS NOT DISTINCT FROM old);
    INSERT INTO provider_enrolments SELECT f.* FROM unnest(fresh) f
        ON CONFLICT (lead_provider_id, training_record_id, schedule_cohort) DO NOTHING;
    PERFORM refresh_page_changes(stored, fresh);
    PERFORM refresh_unfunded_mentors(stored, fresh);
    PERFORM refresh_unfunded_people(participant_ids);
END
$$;

CREATE OR REPLACE FUNCTION refresh_declarations(participant_ids uuid[]) RETURNS void
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
DECLARE
    fresh provider_declarations[];
BEGIN
    fresh := ARRAY(SELECT d FROM declarations_of(participant_ids) d);
    DELETE FROM provider_declarations old
     WHERE old.participant_id = ANY (participant_ids)
       AND NOT EXISTS (SELECT FROM unnest(fresh) f
                        WHERE (f.lead_provider_id, f.declaration_id) = (old.lead_provider_id, old.declaration_id)
                          AND f IS NOT DISTINCT FROM old);
    INSERT INTO provider_declarations SELECT f.* FROM unnest(fresh) f
        ON CONFLICT (lead_provider_id, declaration_id) DO NOTHING;
END
$$;

CREATE OR REPLACE FUNCTION refresh_participants(participant_ids uuid[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM lock_participants(participant_ids);
    PERFORM refresh_enrolments(participant_ids);
    PERFORM refresh_declarations(participant_ids);
    PERFORM refresh_transfers(participant_ids);
END
$$;

-- The same for many: in slices, so that neither memory nor the plan for a few grows with the table. Into empty projections
-- rows are put straight: there is nothing to compare, and the plan for comparing was made when there was nothing to read.
CREATE OR REPLACE FUNCTION refresh_many_participants(participant_ids uuid[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    slice CONSTANT integer := 500;
    ids uuid[];
    is_first_fill CONSTANT boolean := NOT EXISTS (SELECT FROM provider_enrolments)
                                  AND NOT EXISTS (SELECT FROM provider_declarations);
BEGIN
    PERFORM lock_participants(participant_ids);
    FOR start IN 1 .. coalesce(cardinality(participant_ids), 0) BY slice LOOP
        ids := participant_ids[start : start + slice - 1];
        IF is_first_fill THEN
            INSERT INTO provider_enrolments SELECT e.* FROM enrolments_of(ids) e;
            INSERT INTO provider_declarations SELECT d.* FROM declarations_of(ids) d;
        ELSE
            PERFORM refresh_enrolments(ids);
            PERFORM refresh_declarations(ids);
        END IF;
        PERFORM refresh_transfers(ids);
    END LOOP;
    IF is_first_fill THEN
        PERFORM rebuild_unfunded_mentors();
    END IF;
    PERFORM set_all_page_marks();
END
$$;

-- All of it, beside readers: what is right stays, what belongs to nobody goes.
CREATE OR REPLACE FUNCTION rebuild_projections() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    LOCK TABLE users, training_records, induction_records, declarations IN SHARE ROW EXCLUSIVE MODE;
    DELETE FROM provider_enrolments e WHERE NOT EXISTS (SELECT FROM participants p WHERE p.user_id = e.participant_id);
    DELETE FROM provider_declarations d WHERE NOT EXISTS (SELECT FROM participants p WHERE p.user_id = d.participant_id);
    DELETE FROM provider_transfers t WHERE NOT EXISTS (SELECT FROM participants p WHERE p.user_id = t.participant_id);
    PERFORM refresh_many_participants(ARRAY(SELECT user_id FROM participants ORDER BY user_id));
    PERFORM rebuild_unfunded_mentors();
END
$$;

-- What the projections say and should not (or the reverse), for "verify": there must be none.
CREATE OR REPLACE FUNCTION difference_of(is_expected boolean, is_stored boolean) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN NOT is_expected THEN 'should not be there' WHEN NOT is_stored THEN 'is missing' ELSE 'is out of date' END
$$;

CREATE OR REPLACE FUNCTION projection_differences(participant_ids uuid[])
RETURNS TABLE (projection text, lead_provider_id uuid, row_id uuid, difference text) LANGUAGE plpgsql STABLE AS $$
DECLARE
    providers uuid[];
    mentor_records uuid[];
BEGIN
    RETURN QUERY
    SELECT 'provider_enrolments', coalesce(f.lead_provider_id, old.lead_provider_id),
           coalesce(f.training_record_id, old.training_record_id),
           difference_of(f.lead_provider_id IS NOT NULL, old.lead_provider_id IS NOT NULL)
      FROM enrolments_of(participant_ids) f
      FULL JOIN (SELECT * FROM provider_enrolments e WHERE e.participant_id = ANY (participant_ids)) old
        ON (old.lead_provider_id, old.training_record_id, old.schedule_cohort)
         = (f.lead_provider_id, f.training_record_id, f.schedule_cohort)
     WHERE old IS DISTINCT FROM f;
    RETURN QUERY
    SELECT 'provider_declarations', coalesce(f.lead_provider_id, old.lead_provider_id),
           coalesce(f.declaration_id, old.declaration_id),
           difference_of(f.lead_provider_id IS NOT NULL, old.lead_provider_id IS NOT NULL)
      FROM declarations_of(participant_ids) f
      FULL JOIN (SELECT * FROM provider_declarations d WHERE d.participant_id = ANY (participant_ids)) old
        ON (old.lead_provider_id, old.declaration_id) = (f.lead_provider_id, f.declaration_id)
     WHERE old IS DISTINCT FROM f;
    RETURN QUERY
    SELECT 'provider_transfers', coalesce(f.lead_provider_id, old.lead_provider_id),
           coalesce(f.participant_id, old.participant_id),
           difference_of(f.lead_provider_id IS NOT NULL, old.lead_provider_id IS NOT NULL)
      FROM transfers_of(participant_ids) f
      FULL JOIN (SELECT * FROM provider_transfers t WHERE t.participant_id = ANY (participant_ids)) old
        ON (old.lead_provider_id, old.participant_id) = (f.lead_provider_id, f.participant_id)
     WHERE old IS DISTINCT FROM f;
    SELECT array_agg(lp.id), array_agg(tr.id) INTO providers, mentor_records
      FROM training_records tr CROSS JOIN lead_providers lp
     WHERE tr.participant_id = ANY (participant_ids) AND tr.kind = 'mentor';
    RETURN QUERY
    SELECT 'provider_unfunded_mentors', coalesce(f.lead_provider_id, old.lead_provider_id),
           coalesce(f.training_record_id, old.training_record_id),
           difference_of(f.lead_provider_id IS NOT NULL, old.lead_provider_id IS NOT NULL)
      FROM unfunded_mentors_of(providers, mentor_records) f
      FULL JOIN (SELECT * FROM provider_unfunded_mentors m WHERE m.participant_id = ANY (participant_ids)) old
        ON (old.lead_provider_id, old.training_record_id) = (f.lead_provider_id, f.training_record_id)
     WHERE old IS DISTINCT FROM f;
END
$$;

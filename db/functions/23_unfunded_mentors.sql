-- The mentors of a lead provider's participants whom it does not train itself (contract v3.md section 3.7), worked out from
-- provider_enrolments. This is the only place where the rule stands. Of the pairs given, those that are unfunded.
CREATE OR REPLACE FUNCTION unfunded_mentors_of(providers uuid[], mentor_records uuid[]) RETURNS SETOF provider_unfunded_mentors
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
BEGIN
    RETURN QUERY
    SELECT pair.provider, tr.id, u.id, u.created_at, u.updated_at
      FROM unnest(providers, mentor_records) AS pair (provider, record)
      JOIN training_records tr ON tr.id = pair.record AND tr.kind = 'mentor'
      JOIN participants p ON p.user_id = tr.participant_id
      JOIN users u ON u.id = p.user_id
     WHERE EXISTS (SELECT FROM provider_enrolments mentee
                    WHERE mentee.lead_provider_id = pair.provider AND mentee.is_latest
                      AND mentee.mentor_training_record_id = pair.record)
       AND NOT EXISTS (SELECT FROM provider_enrolments own
                        WHERE own.lead_provider_id = pair.provider AND own.training_record_id = pair.record);
END
$$;

-- Mentor and mentees are other people, so their locks do not keep two changes of one pair apart: the pair has a lock of its
-- own, taken before the reading.
CREATE OR REPLACE FUNCTION refresh_unfunded_pairs(providers uuid[], mentor_records uuid[]) RETURNS void
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(pair.key)
       FROM (SELECT DISTINCT hashtextextended(provider::text || record, 0) AS key
               FROM unnest(providers, mentor_records) AS named (provider, record) ORDER BY 1) pair;
    DELETE FROM provider_unfunded_mentors old
     USING unnest(providers, mentor_records) AS pair (provider, record)
     WHERE old.lead_provider_id = pair.provider AND old.training_record_id = pair.record;
    INSERT INTO provider_unfunded_mentors SELECT * FROM unfunded_mentors_of(providers, mentor_records);
END
$$;

-- What a change of these people's enrolments means for the pairs: a mentee who names another mentor, a mentor whom the
-- provider has begun or ceased to train.
CREATE OR REPLACE FUNCTION refresh_unfunded_mentors(old provider_enrolments[], fresh provider_enrolments[]) RETURNS void
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    providers uuid[];
    records uuid[];
BEGIN
    WITH was AS (
        SELECT o.lead_provider_id AS provider, o.mentor_training_record_id AS record, true AS is_mentor
          FROM unnest(old) o WHERE o.is_latest AND o.mentor_training_record_id IS NOT NULL
         UNION SELECT o.lead_provider_id, o.training_record_id, false FROM unnest(old) o
    ), is_now AS (
        SELECT f.lead_provider_id AS provider, f.mentor_training_record_id AS record, true AS is_mentor
          FROM unnest(fresh) f WHERE f.is_latest AND f.mentor_training_record_id IS NOT NULL
         UNION SELECT f.lead_provider_id, f.training_record_id, false FROM unnest(fresh) f
    )
    SELECT array_agg(provider), array_agg(record) INTO providers, records
      FROM (SELECT provider, record
              FROM ((TABLE was EXCEPT TABLE is_now) UNION ALL (TABLE is_now EXCEPT TABLE was)) changed
             GROUP BY provider, record) pair;
    IF providers IS NOT NULL THEN
        PERFORM refresh_unfunded_pairs(providers, records);
    END IF;
END
$$;

-- What the list shows and sorts by of these people, where they are such mentors.
CREATE OR REPLACE FUNCTION refresh_unfunded_people(participant_ids uuid[]) RETURNS void
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
BEGIN
    UPDATE provider_unfunded_mentors m
       SET participant_id = u.id, participant_created_at = u.created_at, participant_updated_at = u.updated_at
      FROM training_records tr
      JOIN users u ON u.id = tr.participant_id
     WHERE tr.participant_id = ANY (participant_ids) AND m.training_record_id = tr.id
       AND (m.participant_id, m.participant_created_at, m.participant_updated_at)
        <> (u.id, u.created_at, u.updated_at);
END
$$;

-- Every pair there is, for a rebuild.
CREATE OR REPLACE FUNCTION rebuild_unfunded_mentors() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    providers uuid[];
    records uuid[];
BEGIN
    SELECT array_agg(lead_provider_id), array_agg(mentor_training_record_id) INTO providers, records
      FROM (SELECT DISTINCT e.lead_provider_id, e.mentor_training_record_id FROM provider_enrolments e
             WHERE e.is_latest AND e.mentor_training_record_id IS NOT NULL) named;
    DELETE FROM provider_unfunded_mentors;
    INSERT INTO provider_unfunded_mentors SELECT * FROM unfunded_mentors_of(providers, records);
END
$$;

-- What a lead provider is shown of such a mentor; of several training records the earliest counts. Inlined into the queries
-- that call it.
CREATE OR REPLACE FUNCTION unfunded_mentor_shown(provider uuid, person uuid) RETURNS TABLE (
    id uuid, full_name text, email text, trn text, created_at timestamptz, updated_at timestamptz)
LANGUAGE sql STABLE AS $$
    SELECT u.id, u.full_name,
           coalesce((SELECT nullif(btrim(i.email), '') FROM identities i WHERE i.id = newest.preferred_identity_id), u.email),
           coalesce(nullif(btrim(pa.trn), ''), tr.validation_trn), u.created_at, u.updated_at
      FROM (SELECT t.id, t.validation_trn
              FROM provider_unfunded_mentors m JOIN training_records t ON t.id = m.training_record_id
             WHERE m.participant_id = person AND m.lead_provider_id = provider
             ORDER BY t.created_at, t.id LIMIT 1) tr
      JOIN users u ON u.id = person
      JOIN participants pa ON pa.user_id = person
      LEFT JOIN LATERAL (
               SELECT ir.preferred_identity_id FROM induction_records ir
                WHERE ir.training_record_id = tr.id
                ORDER BY ir.end_date IS NOT NULL, ir.start_date DESC, ir.end_date DESC, ir.created_at DESC, ir.id
                LIMIT 1) newest ON true
$$;

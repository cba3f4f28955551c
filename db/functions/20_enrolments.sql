-- What is shown of an enrolment, as one value in the order of src/resources/participants/store.c: the binary form of a row, each
-- text with the zero byte that ends it in C. A page asks for one value a row instead of thirty, each of which PostgreSQL would
-- make ready and libpq keep by itself.
CREATE OR REPLACE FUNCTION shown_text(content text) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
    SELECT convert_to(content, 'UTF8') || '\x00'
$$;

CREATE OR REPLACE FUNCTION shown_enrolment(e provider_enrolments) RETURNS bytea LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN record_send(ROW(
        e.participant_id, shown_text(e.full_name), shown_text(e.trn), e.shown_updated_at, e.has_id_changes,
        e.training_record_id, shown_text(e.email), e.mentor_id, shown_text(e.school_urn), shown_text(e.kind), e.cohort,
        shown_text(e.training_status), shown_text(e.induction_status), e.start_date, e.end_date, e.is_trn_validated,
        e.is_eligible_for_funding, e.pupil_premium_uplift, e.sparsity_uplift, shown_text(e.schedule_identifier),
        e.delivery_partner_id, shown_text(e.state_reason), e.state_at, e.training_record_created_at,
        e.induction_completion_date, e.mentor_completion_date, e.cohort_changed_after_payments_frozen,
        shown_text(e.mentor_completion_reason), e.first_trained_at));
END
$$;

-- Which training records a lead provider sees, and through which induction record: contract v3.md section 2.
-- Of the records in unchallenged partnerships with the provider the newest one, per schedule cohort; is_latest
-- marks the newest over all of them. This is the only place where the rule stands.
-- The answers of version 1 and 2 to an action show a record of a challenged partnership, too: with_challenged.
DROP FUNCTION IF EXISTS enrolments_of(uuid[]);
CREATE OR REPLACE FUNCTION enrolments_of(participant_ids uuid[], with_challenged boolean DEFAULT false) RETURNS SETOF provider_enrolments
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
DECLARE
    enrolment provider_enrolments;
BEGIN
    FOR enrolment IN
    WITH visible AS MATERIALIZED (
        SELECT p.lead_provider_id, ir.training_record_id, ir.schedule_cohort, ir.id AS induction_record_id,
               ir.schedule_identifier, ir.start_date, ir.end_date, ir.training_status, ir.induction_status,
               ir.mentor_training_record_id, ir.preferred_identity_id, ir.created_at, ir.updated_at,
               ip.school_id, ip.cohort, p.delivery_partner_id,
               row_number() OVER newest_of_cohort AS place_in_cohort,
               row_number() OVER newest AS place
          FROM training_records tr
          JOIN induction_records ir ON ir.training_record_id = tr.id
          JOIN induction_programmes ip ON ip.id = ir.programme_id
          JOIN partnerships p ON p.id = ip.partnership_id
         WHERE tr.participant_id = ANY (participant_ids)
           AND (with_challenged OR (p.challenged_at IS NULL AND p.challenge_reason IS NULL))
        WINDOW newest_of_cohort AS (PARTITION BY p.lead_provider_id, ir.training_record_id, ir.schedule_cohort
                                    ORDER BY ir.end_date IS NOT NULL, ir.start_date DESC, ir.end_date DESC,
                                             ir.created_at DESC, ir.id),
               newest AS (PARTITION BY p.lead_provider_id, ir.training_record_id
                          ORDER BY ir.end_date IS NOT NULL, ir.start_date DESC, ir.end_date DESC,
                                   ir.created_at DESC, ir.id)
    ), people AS MATERIALIZED ( -- once, whatever the planner knows of the tables
        SELECT u.id, u.full_name, u.email, u.created_at, u.updated_at, pa.trn,
               greatest(u.updated_at,
                        (SELECT max(i.updated_at) FROM identities i WHERE i.user_id = u.id),
                        (SELECT max(tr.updated_at) FROM training_records tr WHERE tr.participant_id = u.id),
                        (SELECT max(ir.updated_at) FROM training_records tr
                           JOIN induction_records ir ON ir.training_record_id = tr.id
                          WHERE tr.participant_id = u.id)) AS shown_updated_at,
               (SELECT min(tr.created_at) FROM training_records tr
                 WHERE tr.participant_id = u.id
                   AND EXISTS (SELECT FROM induction_records ir WHERE ir.training_record_id = tr.id)
               ) AS first_trained_at,
               EXISTS (SELECT FROM participant_id_changes c WHERE c.participant_id = u.id) AS has_id_changes
          FROM users u
          JOIN participants pa ON pa.user_id = u.id
         WHERE u.id = ANY (participant_ids)
    )
    SELECT v.lead_provider_id, v.training_record_id, v.schedule_cohort, v.place = 1, u.id,
           u.created_at, u.updated_at, u.first_trained_at, u.shown_updated_at,
           greatest(tr.updated_at, u.updated_at, own.updated_at, v.updated_at),
           u.full_name, u.trn, tr.validation_trn,
           CASE WHEN coalesce(u.trn, tr.validation_trn) IS NOT NULL
                THEN coalesce(tr.eligibility_reason <> 'different_trn', false) END,
           u.has_id_changes, v.induction_record_id,
           coalesce(nullif(btrim(preferred.email), ''), u.email),
           CASE WHEN tr.kind = 'ect' THEN mentor.user_id END,
           v.mentor_training_record_id, s.urn, tr.kind, v.cohort, v.training_status, v.induction_status,
           v.start_date, v.end_date, v.created_at,
           CASE tr.eligibility_status WHEN 'eligible' THEN true WHEN 'ineligible' THEN false END,
           tr.pupil_premium_uplift, tr.sparsity_uplift, v.schedule_identifier, v.delivery_partner_id,
           said.reason, said.created_at, tr.created_at, tr.induction_completion_date,
           tr.mentor_completion_date, tr.mentor_completion_reason, tr.cohort_changed_after_payments_frozen,
           NULL AS shown
      FROM visible v
      JOIN training_records tr ON tr.id = v.training_record_id
      JOIN people u ON u.id = tr.participant_id
      JOIN identities own ON own.id = tr.identity_id
      JOIN schools s ON s.id = v.school_id
      LEFT JOIN identities preferred ON preferred.id = v.preferred_identity_id
      LEFT JOIN training_records mentor_record ON mentor_record.id = v.mentor_training_record_id
      LEFT JOIN identities mentor ON mentor.id = mentor_record.identity_id
      LEFT JOIN LATERAL (
               SELECT ts.reason, ts.created_at FROM training_states ts
                WHERE ts.training_record_id = v.training_record_id AND ts.lead_provider_id = v.lead_provider_id
                  AND ts.state = v.training_status AND v.training_status <> 'active'
                ORDER BY ts.created_at DESC LIMIT 1) said ON true
     WHERE v.place_in_cohort = 1
    LOOP
        enrolment.shown := shown_enrolment(enrolment);
        RETURN NEXT enrolment;
    END LOOP;
END
$$;

-- The records that versions 1 and 2 list: of each training record the newest within the cohorts asked for, which may be
-- older than the newest of all (contract v1-v2.md section 3.1).
CREATE OR REPLACE FUNCTION flat_enrolments(provider uuid, wanted smallint[]) RETURNS SETOF provider_enrolments
LANGUAGE sql STABLE AS $$
    SELECT e.* FROM provider_enrolments e
     WHERE e.lead_provider_id = provider AND is_cohort_wanted(e.schedule_cohort, wanted)
       AND e.schedule_cohort IS NOT NULL -- always so: what the index of these lists asks for
       AND (e.is_latest
            OR NOT EXISTS (SELECT FROM provider_enrolments newer
                            WHERE newer.lead_provider_id = provider AND newer.training_record_id = e.training_record_id
                              AND is_cohort_wanted(newer.schedule_cohort, wanted)
                              AND (newer.end_date IS NULL, newer.start_date, coalesce(newer.end_date, 'infinity'),
                                   newer.record_created_at, e.induction_record_id)
                                > (e.end_date IS NULL, e.start_date, coalesce(e.end_date, 'infinity'),
                                   e.record_created_at, newer.induction_record_id)))
$$;

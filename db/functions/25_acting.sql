-- On whom and on what a write acts.

-- The person that clients mean by an id: the person's own, or one by which an identity is known (after a merge, the
-- retired one). NULL if nobody is meant. Contract rules.md section 1.2.
CREATE OR REPLACE FUNCTION participant_of(meant uuid) RETURNS uuid LANGUAGE sql STABLE AS $$
    SELECT coalesce((SELECT i.user_id FROM identities i WHERE i.user_id = meant LIMIT 1),
                    (SELECT i.user_id FROM identities i WHERE i.external_identifier = meant))
$$;

-- The induction record on which a provider acts: the latest in any partnership with it, challenged or not, that had
-- started by an instant (NULL: started or not). Contract rules.md section 1.3.
CREATE OR REPLACE FUNCTION provider_record(provider uuid, training_record uuid, started_by timestamptz)
RETURNS SETOF induction_records LANGUAGE sql STABLE AS $$
    SELECT ir.* FROM induction_records ir
      JOIN induction_programmes ip ON ip.id = ir.programme_id
      JOIN partnerships p ON p.id = ip.partnership_id
     WHERE ir.training_record_id = training_record AND p.lead_provider_id = provider
       AND (started_by IS NULL OR ir.start_date <= started_by)
     ORDER BY ir.end_date IS NOT NULL, ir.start_date DESC, ir.end_date DESC, ir.created_at DESC, ir.id
     LIMIT 1
$$;

-- The training record of that kind on which a provider acts; a withdrawn one does not count. One that the provider
-- trains is preferred (contract rules.md section 10, X16).
CREATE OR REPLACE FUNCTION acting_record(provider uuid, participant uuid, of_kind text)
RETURNS SETOF training_records LANGUAGE sql STABLE AS $$
    SELECT tr.* FROM training_records tr
     WHERE tr.participant_id = participant AND tr.kind = of_kind AND tr.status = 'active'
     ORDER BY EXISTS (SELECT FROM provider_record(provider, tr.id, NULL)) DESC, tr.created_at, tr.id
     LIMIT 1
$$;

-- Money of one provider: those who write take turns with the jobs that close and pay its statements. Writers do not
-- hinder one another.
CREATE OR REPLACE FUNCTION share_statements(provider uuid) RETURNS void LANGUAGE sql AS $$
    SELECT pg_advisory_xact_lock_shared(1, hashtext(provider::text))
$$;

CREATE OR REPLACE FUNCTION lock_statements(provider uuid) RETURNS void LANGUAGE sql AS $$
    SELECT pg_advisory_xact_lock(1, hashtext(provider::text))
$$;

-- One change of an induction record (contract rules.md section 1.3): one that has not started is changed in place;
-- of another a copy goes on from now, and it ends. NULL arguments keep what is there.
CREATE OR REPLACE FUNCTION change_induction_record(record uuid, at timestamptz, new_training_status text,
                                                   new_cohort smallint, new_identifier text, new_programme uuid)
RETURNS void LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    old induction_records;
BEGIN
    SELECT * INTO old FROM induction_records WHERE id = record;
    IF old.start_date > at THEN
        UPDATE induction_records
           SET training_status = coalesce(new_training_status, training_status),
               schedule_cohort = coalesce(new_cohort, schedule_cohort),
               schedule_identifier = coalesce(new_identifier, schedule_identifier),
               programme_id = coalesce(new_programme, programme_id)
         WHERE id = record;
        RETURN;
    END IF;
    WITH ended AS (
        UPDATE induction_records
           SET induction_status = 'changed', end_date = at,
               school_transfer = school_transfer AND NOT coalesce(end_date > at, false)
         WHERE id = record
    )
    INSERT INTO induction_records (training_record_id, programme_id, schedule_cohort, schedule_identifier, start_date,
               end_date, training_status, induction_status, school_transfer, mentor_training_record_id,
               preferred_identity_id, created_at, updated_at)
    VALUES (old.training_record_id, coalesce(new_programme, old.programme_id), coalesce(new_cohort, old.schedule_cohort),
            coalesce(new_identifier, old.schedule_identifier), at, old.end_date,
            coalesce(new_training_status, old.training_status), old.induction_status,
            old.school_transfer AND coalesce(old.end_date > at, false), old.mentor_training_record_id,
            old.preferred_identity_id, at, change_instant());
END
$$;

-- A provider withdraws, defers or resumes: its word is kept, its induction record changed, the training record follows.
-- A clock that stands still (X-With-Server-Date) must not hide which word was the last one.
CREATE OR REPLACE FUNCTION set_training_status(training_record uuid, induction_record uuid, provider uuid,
                                               new_status text, why text, at timestamptz)
RETURNS void LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    said_at timestamptz := at;
BEGIN
    WHILE EXISTS (SELECT FROM training_states ts
                   WHERE (ts.training_record_id, ts.lead_provider_id, ts.created_at) = (training_record, provider, said_at))
    LOOP
        said_at := said_at + interval '1 microsecond';
    END LOOP;
    INSERT INTO training_states (training_record_id, lead_provider_id, state, reason, created_at, updated_at)
    VALUES (training_record, provider, new_status, why, said_at, change_instant());
    UPDATE training_records SET training_status = new_status WHERE id = training_record AND training_status <> new_status;
    PERFORM change_induction_record(induction_record, at, new_status, NULL, NULL, NULL);
END
$$;

-- A training record goes on another schedule, and with it into the school's cohort; NULL keeps the programme.
CREATE OR REPLACE FUNCTION set_schedule(training_record uuid, induction_record uuid, new_cohort smallint,
                                        new_identifier text, new_programme uuid, is_flagged boolean, school uuid,
                                        at timestamptz)
RETURNS void LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    INSERT INTO schedule_changes (training_record_id, schedule_cohort, schedule_identifier, created_at)
    VALUES (training_record, new_cohort, new_identifier, at);
    UPDATE training_records
       SET schedule_cohort = new_cohort, schedule_identifier = new_identifier, cohort = new_cohort, school_id = school,
           cohort_changed_after_payments_frozen = is_flagged
     WHERE id = training_record;
    PERFORM change_induction_record(induction_record, at, NULL, new_cohort, new_identifier, new_programme);
END
$$;

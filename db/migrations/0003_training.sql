-- Training records and their history.

CREATE TABLE training_records (
    id                                   uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    participant_id                       uuid NOT NULL REFERENCES participants DEFERRABLE,
    kind                                 text NOT NULL CHECK (kind IN ('ect', 'mentor')),
    identity_id                          uuid NOT NULL REFERENCES identities DEFERRABLE,
    school_id                            uuid NOT NULL REFERENCES schools DEFERRABLE,
    cohort                               smallint NOT NULL REFERENCES cohorts DEFERRABLE,
    schedule_cohort                      smallint NOT NULL,
    schedule_identifier                  text NOT NULL,
    status                               text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'withdrawn')),
    training_status                      text NOT NULL DEFAULT 'active'
                                             CHECK (training_status IN ('active', 'deferred', 'withdrawn')),
    sparsity_uplift                      boolean NOT NULL DEFAULT false,
    pupil_premium_uplift                 boolean NOT NULL DEFAULT false,
    induction_start_date                 date,
    induction_completion_date            date,
    mentor_completion_date               date,
    mentor_completion_reason             text CHECK (mentor_completion_reason IN
                                             ('completed_declaration_received', 'completed_during_early_roll_out',
                                              'started_not_completed')),
    cohort_changed_after_payments_frozen boolean NOT NULL DEFAULT false,
    eligibility_status                   text CHECK (eligibility_status IN
                                             ('eligible', 'matched', 'manual_check', 'ineligible')),
    eligibility_reason                   text CHECK (eligibility_reason IN
                                             ('active_flags', 'previous_participation', 'previous_induction', 'no_qts',
                                              'different_trn', 'duplicate_profile', 'none', 'no_induction',
                                              'exempt_from_induction')),
    is_validated                         boolean NOT NULL DEFAULT false,
    validation_trn                       text,
    validation_full_name                 text,
    validation_date_of_birth             date,
    created_at                           timestamptz NOT NULL DEFAULT now(),
    updated_at                           timestamptz NOT NULL DEFAULT now(),
    FOREIGN KEY (schedule_cohort, schedule_identifier) REFERENCES schedules DEFERRABLE,
    CHECK ((eligibility_status IS NULL) = (eligibility_reason IS NULL)),
    UNIQUE (id, participant_id)
);
COMMENT ON TABLE training_records IS 'one person trained in one role';
COMMENT ON COLUMN training_records.eligibility_status IS 'NULL: not checked yet';
COMMENT ON COLUMN training_records.is_validated IS 'the person gave validation data, which stands in validation_...';
CREATE INDEX ON training_records (participant_id);
CREATE INDEX ON training_records (identity_id);
CREATE INDEX ON training_records (school_id, cohort);
CREATE INDEX ON training_records (cohort);
CREATE INDEX ON training_records (schedule_cohort, schedule_identifier);

CREATE TABLE induction_records (
    id                         uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    training_record_id         uuid NOT NULL REFERENCES training_records DEFERRABLE,
    programme_id               uuid NOT NULL REFERENCES induction_programmes DEFERRABLE,
    schedule_cohort            smallint NOT NULL,
    schedule_identifier        text NOT NULL,
    start_date                 timestamptz NOT NULL,
    end_date                   timestamptz,
    training_status            text NOT NULL DEFAULT 'active'
                                   CHECK (training_status IN ('active', 'deferred', 'withdrawn')),
    induction_status           text NOT NULL DEFAULT 'active'
                                   CHECK (induction_status IN ('active', 'withdrawn', 'changed', 'leaving', 'completed')),
    school_transfer            boolean NOT NULL DEFAULT false,
    mentor_training_record_id  uuid REFERENCES training_records DEFERRABLE,
    preferred_identity_id      uuid REFERENCES identities DEFERRABLE,
    created_at                 timestamptz NOT NULL DEFAULT now(),
    updated_at                 timestamptz NOT NULL DEFAULT now(),
    FOREIGN KEY (schedule_cohort, schedule_identifier) REFERENCES schedules DEFERRABLE
);
COMMENT ON TABLE induction_records IS 'where, with whom and on which schedule a training record trains, over time';
CREATE INDEX ON induction_records (training_record_id);
CREATE INDEX ON induction_records (programme_id);
CREATE INDEX ON induction_records (mentor_training_record_id);
CREATE INDEX ON induction_records (preferred_identity_id);
CREATE INDEX ON induction_records (schedule_cohort, schedule_identifier);
CREATE INDEX induction_records_transfers ON induction_records (training_record_id) WHERE induction_status = 'leaving';

CREATE TABLE training_states (
    training_record_id  uuid NOT NULL REFERENCES training_records DEFERRABLE,
    lead_provider_id    uuid REFERENCES lead_providers DEFERRABLE,
    state               text NOT NULL CHECK (state IN ('active', 'deferred', 'withdrawn')),
    reason              text,
    created_at          timestamptz NOT NULL,
    updated_at          timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT training_states_key UNIQUE NULLS NOT DISTINCT (training_record_id, lead_provider_id, created_at)
);
COMMENT ON TABLE training_states IS 'append-only history of what providers said of a training record';
CREATE INDEX ON training_states (lead_provider_id);

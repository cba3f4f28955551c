-- What each lead provider sees, kept by the functions of db/functions/.

CREATE TABLE provider_enrolments (
    lead_provider_id                     uuid NOT NULL,
    training_record_id                   uuid NOT NULL,
    schedule_cohort                      smallint NOT NULL,
    is_latest                            boolean NOT NULL,
    participant_id                       uuid NOT NULL,
    participant_created_at               timestamptz NOT NULL,
    participant_updated_at               timestamptz NOT NULL,
    first_trained_at                     timestamptz NOT NULL,
    shown_updated_at                     timestamptz NOT NULL,
    record_updated_at                    timestamptz NOT NULL,
    full_name                            text NOT NULL,
    trn                                  text,
    validation_trn                       text,
    is_trn_validated                     boolean,
    has_id_changes                       boolean NOT NULL,
    induction_record_id                  uuid NOT NULL,
    email                                text NOT NULL,
    mentor_id                            uuid,
    mentor_training_record_id            uuid,
    school_urn                           text NOT NULL,
    kind                                 text NOT NULL,
    cohort                               smallint NOT NULL,
    training_status                      text NOT NULL,
    induction_status                     text NOT NULL,
    start_date                           timestamptz NOT NULL,
    end_date                             timestamptz,
    record_created_at                    timestamptz NOT NULL,
    is_eligible_for_funding              boolean,
    pupil_premium_uplift                 boolean NOT NULL,
    sparsity_uplift                      boolean NOT NULL,
    schedule_identifier                  text NOT NULL,
    delivery_partner_id                  uuid,
    state_reason                         text,
    state_at                             timestamptz,
    training_record_created_at           timestamptz NOT NULL,
    induction_completion_date            date,
    mentor_completion_date               date,
    mentor_completion_reason             text,
    cohort_changed_after_payments_frozen boolean NOT NULL,
    PRIMARY KEY (lead_provider_id, training_record_id, schedule_cohort)
);
COMMENT ON TABLE provider_enrolments IS
    'lead provider x training record x schedule cohort: the newest induction record that the provider sees';
COMMENT ON COLUMN provider_enrolments.is_latest IS 'the newest over all schedule cohorts: what v3 shows';
COMMENT ON COLUMN provider_enrolments.state_at IS 'when this provider last withdrew or deferred, if it stands so';
CREATE INDEX provider_enrolments_by_creation ON provider_enrolments
    (lead_provider_id, participant_created_at, participant_id) INCLUDE (schedule_cohort, training_status)
    WHERE is_latest;
CREATE INDEX provider_enrolments_by_update ON provider_enrolments
    (lead_provider_id, participant_updated_at, participant_id) INCLUDE (schedule_cohort, training_status, participant_created_at)
    WHERE is_latest;
CREATE INDEX provider_enrolments_by_participant ON provider_enrolments (participant_id, lead_provider_id);
CREATE INDEX provider_enrolments_by_mentor ON provider_enrolments (lead_provider_id, mentor_training_record_id)
    WHERE is_latest AND mentor_training_record_id IS NOT NULL;

CREATE TABLE provider_declarations (
    lead_provider_id           uuid NOT NULL,
    declaration_id             uuid NOT NULL,
    is_own                     boolean NOT NULL,
    in_v1                      boolean NOT NULL,
    participant_id             uuid NOT NULL,
    training_record_id         uuid NOT NULL,
    declaring_provider_id      uuid NOT NULL,
    declaration_type           text NOT NULL,
    course_identifier          text NOT NULL,
    declaration_date           timestamptz NOT NULL,
    mentor_id                  uuid,
    state                      text NOT NULL,
    created_at                 timestamptz NOT NULL,
    updated_at                 timestamptz NOT NULL,
    cohort                     smallint NOT NULL,
    delivery_partner_id        uuid,
    statement_id               uuid,
    clawback_statement_id      uuid,
    state_reason               text,
    has_uplift                 boolean NOT NULL,
    evidence_held              text,
    PRIMARY KEY (lead_provider_id, declaration_id)
);
COMMENT ON TABLE provider_declarations IS 'lead provider x declaration that it may see, its own or another''s';
COMMENT ON COLUMN provider_declarations.in_v1 IS 'seen through v1 and v2 as well, which admit less than v3';
CREATE INDEX provider_declarations_by_creation ON provider_declarations
    (lead_provider_id, created_at, declaration_id) INCLUDE (cohort, in_v1);
CREATE INDEX provider_declarations_by_update ON provider_declarations
    (lead_provider_id, updated_at, declaration_id) INCLUDE (created_at, cohort, in_v1);
CREATE INDEX provider_declarations_by_participant ON provider_declarations (participant_id, lead_provider_id);

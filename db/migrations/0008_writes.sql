-- What writes leave behind beside the rows they change.

CREATE TABLE declaration_states (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    declaration_id  uuid NOT NULL REFERENCES declarations DEFERRABLE,
    state           text NOT NULL,
    reason          text,
    created_at      timestamptz NOT NULL
);
COMMENT ON TABLE declaration_states IS 'append-only: every state that a declaration was in';
CREATE INDEX ON declaration_states (declaration_id);

CREATE TABLE declaration_attempts (
    id                 bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id            uuid NOT NULL REFERENCES users DEFERRABLE,
    lead_provider_id   uuid NOT NULL REFERENCES lead_providers DEFERRABLE,
    declaration_type   text,
    declaration_date   timestamptz,
    course_identifier  text,
    evidence_held      text,
    declaration_id     uuid REFERENCES declarations DEFERRABLE,
    created_at         timestamptz NOT NULL
);
COMMENT ON TABLE declaration_attempts IS 'what was declared of a known participant, accepted or not';
CREATE INDEX ON declaration_attempts (user_id);
CREATE INDEX ON declaration_attempts (lead_provider_id);
CREATE INDEX ON declaration_attempts (declaration_id);
CREATE INDEX ON declaration_attempts (created_at);

CREATE TABLE schedule_changes (
    id                   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    training_record_id   uuid NOT NULL REFERENCES training_records DEFERRABLE,
    schedule_cohort      smallint NOT NULL,
    schedule_identifier  text NOT NULL,
    created_at           timestamptz NOT NULL,
    FOREIGN KEY (schedule_cohort, schedule_identifier) REFERENCES schedules DEFERRABLE
);
COMMENT ON TABLE schedule_changes IS 'append-only: every schedule that a training record was put on';
CREATE INDEX ON schedule_changes (training_record_id);
CREATE INDEX ON schedule_changes (schedule_cohort, schedule_identifier);

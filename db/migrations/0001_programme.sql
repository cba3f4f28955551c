-- The programme's own facts: who provides training, for which cohorts, on which schedules.

CREATE TABLE lead_providers (
    id          uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name        text NOT NULL,
    cpd_name    text NOT NULL,
    ecf         boolean NOT NULL DEFAULT true,
    npq         boolean NOT NULL DEFAULT false,
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now()
);
COMMENT ON COLUMN lead_providers.name IS 'shown by transfers';
COMMENT ON COLUMN lead_providers.cpd_name IS 'the company, shown by declarations';

CREATE TABLE delivery_partners (
    id            uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name          text NOT NULL,
    discarded_at  timestamptz,
    created_at    timestamptz NOT NULL DEFAULT now(),
    updated_at    timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE cohorts (
    start_year                          smallint PRIMARY KEY CHECK (start_year BETWEEN 2020 AND 2100),
    registration_start_date             timestamptz NOT NULL,
    academic_year_start_date            timestamptz NOT NULL,
    automatic_assignment_period_end_date date,
    payments_frozen_at                  timestamptz,
    mentor_funding                      boolean NOT NULL DEFAULT false,
    detailed_evidence_types             boolean NOT NULL DEFAULT false,
    created_at                          timestamptz NOT NULL DEFAULT now(),
    updated_at                          timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE provider_relationships (
    lead_provider_id     uuid NOT NULL REFERENCES lead_providers DEFERRABLE,
    delivery_partner_id  uuid NOT NULL REFERENCES delivery_partners DEFERRABLE,
    cohort               smallint NOT NULL REFERENCES cohorts DEFERRABLE,
    discarded_at         timestamptz,
    created_at           timestamptz NOT NULL DEFAULT now(),
    updated_at           timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (lead_provider_id, delivery_partner_id, cohort)
);
CREATE INDEX ON provider_relationships (delivery_partner_id);
CREATE INDEX ON provider_relationships (cohort);

CREATE TABLE schedules (
    cohort      smallint NOT NULL REFERENCES cohorts DEFERRABLE,
    identifier  text NOT NULL,
    name        text NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (cohort, identifier)
);

CREATE TABLE milestones (
    cohort               smallint NOT NULL,
    schedule_identifier  text NOT NULL,
    declaration_type     text NOT NULL,
    name                 text NOT NULL,
    start_date           date,
    milestone_date       date,
    payment_date         date,
    created_at           timestamptz NOT NULL DEFAULT now(),
    updated_at           timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (cohort, schedule_identifier, declaration_type),
    FOREIGN KEY (cohort, schedule_identifier) REFERENCES schedules DEFERRABLE
);
COMMENT ON TABLE milestones IS 'the window in which one type of declaration may be dated';

CREATE TABLE statement_calendar (
    cohort         smallint NOT NULL REFERENCES cohorts,
    name           text NOT NULL,
    deadline_date  date NOT NULL,
    payment_date   date NOT NULL,
    output_fee     boolean NOT NULL,
    PRIMARY KEY (cohort, name)
);
COMMENT ON TABLE statement_calendar IS 'what "statements create" gives each lead provider';

CREATE TABLE evidence_rules (
    detailed_evidence_types  boolean NOT NULL,
    kind                     text NOT NULL CHECK (kind IN ('ect', 'mentor')),
    declaration_type         text NOT NULL,
    rule                     text NOT NULL CHECK (rule IN ('ignored', 'optional', 'required', 'not-reached')),
    allowed_values           text[] NOT NULL,
    PRIMARY KEY (detailed_evidence_types, kind, declaration_type)
);

CREATE TABLE training_status_reasons (
    state                       text NOT NULL CHECK (state IN ('withdrawn', 'deferred')),
    reason                      text NOT NULL,
    accepted_with_2025_terms    boolean NOT NULL,
    accepted_with_earlier_terms boolean NOT NULL,
    PRIMARY KEY (state, reason)
);

CREATE TABLE statements (
    id                 uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    lead_provider_id   uuid NOT NULL REFERENCES lead_providers DEFERRABLE,
    cohort             smallint NOT NULL REFERENCES cohorts DEFERRABLE,
    name               text NOT NULL,
    deadline_date      date,
    payment_date       date,
    output_fee         boolean NOT NULL DEFAULT true,
    state              text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'payable', 'paid')),
    marked_as_paid_at  timestamptz,
    created_at         timestamptz NOT NULL DEFAULT now(),
    updated_at         timestamptz NOT NULL DEFAULT now(),
    UNIQUE (lead_provider_id, cohort, name) DEFERRABLE
);
CREATE INDEX ON statements (lead_provider_id, payment_date, id);
CREATE INDEX ON statements (cohort);
CREATE INDEX ON statements (deadline_date) WHERE state = 'open';

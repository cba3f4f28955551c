-- Declarations of training and the statements that pay for them.

CREATE TABLE declarations (
    id                    uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    training_record_id    uuid NOT NULL,
    participant_id        uuid NOT NULL,
    lead_provider_id      uuid NOT NULL REFERENCES lead_providers DEFERRABLE,
    declaration_type      text NOT NULL,
    declaration_date      timestamptz NOT NULL,
    course_identifier     text NOT NULL CHECK (course_identifier IN ('ecf-induction', 'ecf-mentor')),
    cohort                smallint NOT NULL REFERENCES cohorts DEFERRABLE,
    state                 text NOT NULL CHECK (state IN ('submitted', 'eligible', 'payable', 'paid', 'voided',
                              'ineligible', 'awaiting_clawback', 'clawed_back')),
    state_reason          text,
    evidence_held         text,
    delivery_partner_id   uuid REFERENCES delivery_partners DEFERRABLE,
    mentor_id             uuid REFERENCES users DEFERRABLE,
    superseded_by_id      uuid REFERENCES declarations DEFERRABLE,
    pupil_premium_uplift  boolean NOT NULL DEFAULT false,
    sparsity_uplift       boolean NOT NULL DEFAULT false,
    created_at            timestamptz NOT NULL DEFAULT now(),
    updated_at            timestamptz NOT NULL DEFAULT now(),
    FOREIGN KEY (training_record_id, participant_id) REFERENCES training_records (id, participant_id)
        ON UPDATE CASCADE DEFERRABLE
);
COMMENT ON COLUMN declarations.cohort IS 'of the schedule when declared; so are partner, mentor and uplifts';
COMMENT ON COLUMN declarations.state_reason IS 'why ineligible: duplicate';
-- One event of one person is paid once, whoever declares it.
CREATE UNIQUE INDEX declarations_billable_slot
    ON declarations (participant_id, course_identifier, declaration_type)
    WHERE state IN ('submitted', 'eligible', 'payable', 'paid');
CREATE INDEX ON declarations (training_record_id, participant_id);
CREATE INDEX ON declarations (participant_id);
CREATE INDEX ON declarations (lead_provider_id);
CREATE INDEX ON declarations (superseded_by_id);
CREATE INDEX ON declarations (mentor_id);
CREATE INDEX ON declarations (delivery_partner_id);
CREATE INDEX ON declarations (cohort);

CREATE TABLE statement_line_items (
    id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    statement_id    uuid NOT NULL REFERENCES statements DEFERRABLE,
    declaration_id  uuid NOT NULL REFERENCES declarations DEFERRABLE,
    state           text NOT NULL CHECK (state IN ('eligible', 'payable', 'paid', 'voided', 'ineligible',
                        'awaiting_clawback', 'clawed_back')),
    created_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now(),
    UNIQUE (statement_id, declaration_id, state) DEFERRABLE
);
CREATE UNIQUE INDEX statement_line_items_billable ON statement_line_items (declaration_id)
    WHERE state IN ('eligible', 'payable', 'paid');
CREATE UNIQUE INDEX statement_line_items_refundable ON statement_line_items (declaration_id)
    WHERE state IN ('awaiting_clawback', 'clawed_back');
CREATE INDEX ON statement_line_items (declaration_id);

-- What lists had to work out at every page, stored: kept by the functions of db/functions/ as the projections are.

CREATE TABLE provider_transfers (
    lead_provider_id       uuid NOT NULL,
    participant_id         uuid NOT NULL,
    participant_created_at timestamptz NOT NULL,
    participant_updated_at timestamptz NOT NULL,
    PRIMARY KEY (lead_provider_id, participant_id)
);
COMMENT ON TABLE provider_transfers IS 'lead provider x participant who moved from or to one of its schools';
CREATE INDEX provider_transfers_by_creation ON provider_transfers (lead_provider_id, participant_created_at, participant_id);
CREATE INDEX provider_transfers_by_update ON provider_transfers (lead_provider_id, participant_updated_at, participant_id);
CREATE INDEX provider_transfers_by_participant ON provider_transfers (participant_id);

CREATE TABLE provider_unfunded_mentors (
    lead_provider_id       uuid NOT NULL,
    training_record_id     uuid NOT NULL,
    participant_id         uuid NOT NULL,
    participant_created_at timestamptz NOT NULL,
    participant_updated_at timestamptz NOT NULL,
    PRIMARY KEY (training_record_id, lead_provider_id)
);
COMMENT ON TABLE provider_unfunded_mentors IS
    'lead provider x training record of a mentor of its participants whom it does not train itself';
CREATE INDEX provider_unfunded_mentors_by_creation ON provider_unfunded_mentors
    (lead_provider_id, participant_created_at, participant_id);
CREATE INDEX provider_unfunded_mentors_by_update ON provider_unfunded_mentors
    (lead_provider_id, participant_updated_at, participant_id);
CREATE INDEX provider_unfunded_mentors_by_participant ON provider_unfunded_mentors (participant_id);

-- Where deep pages of participants begin: every so many people a mark, and who came or went since the marks were set.
CREATE TABLE provider_page_marks (
    lead_provider_id       uuid NOT NULL,
    position               bigint NOT NULL,
    participant_created_at timestamptz NOT NULL,
    participant_id         uuid NOT NULL
);
COMMENT ON COLUMN provider_page_marks.position IS 'how many people stood before this one when the marks were set';
CREATE INDEX provider_page_marks_by_position ON provider_page_marks (lead_provider_id, position);

CREATE TABLE provider_page_changes (
    lead_provider_id       uuid NOT NULL,
    participant_created_at timestamptz NOT NULL,
    participant_id         uuid NOT NULL,
    change                 smallint NOT NULL CHECK (change IN (-1, 1))
);
COMMENT ON TABLE provider_page_changes IS 'who came to the default list of participants or went since the marks were set';
CREATE INDEX provider_page_changes_by_place ON provider_page_changes
    (lead_provider_id, participant_created_at, participant_id) INCLUDE (change);

-- Partial, under a condition that only the lists of versions 1 and 2 state: or PostgreSQL takes this index, by the time alone,
-- for version 3's pages of people, where many may have come at one instant.
DROP INDEX provider_enrolments_flat_by_creation;
CREATE INDEX provider_enrolments_flat_by_creation ON provider_enrolments
    (lead_provider_id, participant_created_at, induction_record_id)
    INCLUDE (training_record_id, schedule_cohort, is_latest) WHERE schedule_cohort IS NOT NULL;

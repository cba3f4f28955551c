-- Schools, the people who work there, and what each school has agreed for each cohort.

CREATE TABLE schools (
    id                       uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    urn                      text NOT NULL,
    name                     text NOT NULL,
    status_code              integer,
    type_code                integer,
    district_code            text,
    section_41_approved      boolean NOT NULL DEFAULT false,
    primary_contact_email    text,
    secondary_contact_email  text,
    created_at               timestamptz NOT NULL DEFAULT now(),
    updated_at               timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT schools_urn_key UNIQUE (urn) DEFERRABLE
);
CREATE INDEX ON schools (created_at, id);
CREATE INDEX ON schools (updated_at, id);

CREATE TABLE users (
    id            uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    full_name     text NOT NULL,
    email         text NOT NULL,
    signed_in_at  timestamptz,
    created_at    timestamptz NOT NULL DEFAULT now(),
    updated_at    timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE users IS 'everybody known to the programme; the participant id that clients see is a user id';
CREATE UNIQUE INDEX users_email_key ON users (lower(email));

CREATE TABLE participants (
    user_id                    uuid PRIMARY KEY REFERENCES users DEFERRABLE,
    trn                        text,
    date_of_birth              date,
    national_insurance_number  text,
    created_at                 timestamptz NOT NULL DEFAULT now(),
    updated_at                 timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE participants IS 'what makes a user somebody who is trained';
CREATE INDEX ON participants (trn);

CREATE TABLE identities (
    id                   uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id              uuid NOT NULL REFERENCES users DEFERRABLE,
    email                text NOT NULL,
    external_identifier  uuid NOT NULL,
    created_at           timestamptz NOT NULL DEFAULT now(),
    updated_at           timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT identities_external_identifier_key UNIQUE (external_identifier) DEFERRABLE
);
COMMENT ON COLUMN identities.external_identifier IS 'an id by which clients may name the person, also after a merge';
CREATE INDEX ON identities (user_id);
CREATE UNIQUE INDEX identities_email_key ON identities (lower(email));

CREATE TABLE participant_id_changes (
    participant_id       uuid NOT NULL REFERENCES users DEFERRABLE,
    from_participant_id  uuid NOT NULL,
    to_participant_id    uuid NOT NULL,
    created_at           timestamptz NOT NULL,
    updated_at           timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (participant_id, from_participant_id, to_participant_id)
);
CREATE INDEX ON participant_id_changes (from_participant_id);

CREATE TABLE induction_tutors (
    user_id     uuid PRIMARY KEY REFERENCES users DEFERRABLE,
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE induction_tutor_schools (
    user_id    uuid NOT NULL REFERENCES induction_tutors DEFERRABLE,
    school_id  uuid NOT NULL REFERENCES schools DEFERRABLE,
    PRIMARY KEY (user_id, school_id)
);
CREATE INDEX ON induction_tutor_schools (school_id);

CREATE TABLE nomination_emails (
    id             uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    school_id      uuid NOT NULL REFERENCES schools DEFERRABLE,
    notify_id      text,
    notify_status  text,
    sent_at        timestamptz,
    delivered_at   timestamptz,
    opened_at      timestamptz,
    created_at     timestamptz NOT NULL DEFAULT now(),
    updated_at     timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON nomination_emails (school_id);

CREATE TABLE early_roll_out_mentors (
    trn         text PRIMARY KEY,
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE partnerships (
    id                   uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    school_id            uuid NOT NULL REFERENCES schools DEFERRABLE,
    cohort               smallint NOT NULL REFERENCES cohorts DEFERRABLE,
    lead_provider_id     uuid NOT NULL REFERENCES lead_providers DEFERRABLE,
    delivery_partner_id  uuid REFERENCES delivery_partners DEFERRABLE,
    relationship         boolean NOT NULL DEFAULT false,
    pending              boolean NOT NULL DEFAULT false,
    challenge_reason     text CHECK (challenge_reason IN ('another_provider', 'not_confirmed',
                                                          'do_not_recognise', 'no_ects', 'mistake')),
    challenged_at        timestamptz,
    challenge_deadline   timestamptz,
    report_id            uuid,
    created_at           timestamptz NOT NULL DEFAULT now(),
    updated_at           timestamptz NOT NULL DEFAULT now(),
    UNIQUE (school_id, lead_provider_id, delivery_partner_id, cohort) DEFERRABLE
);
COMMENT ON COLUMN partnerships.relationship IS 'made by a school for a transferred participant who keeps the old provider';
CREATE INDEX ON partnerships (lead_provider_id, created_at, id);
CREATE INDEX ON partnerships (school_id, cohort);
CREATE INDEX ON partnerships (delivery_partner_id);
CREATE INDEX ON partnerships (cohort);

CREATE TABLE induction_programmes (
    id                         uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    school_id                  uuid NOT NULL REFERENCES schools DEFERRABLE,
    cohort                     smallint NOT NULL REFERENCES cohorts DEFERRABLE,
    training_programme         text NOT NULL CHECK (training_programme IN ('full_induction_programme',
                                   'core_induction_programme', 'design_our_own', 'school_funded_fip')),
    partnership_id             uuid REFERENCES partnerships DEFERRABLE,
    core_induction_programme   text,
    created_at                 timestamptz NOT NULL DEFAULT now(),
    updated_at                 timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON induction_programmes (school_id, cohort);
CREATE INDEX ON induction_programmes (partnership_id);
CREATE INDEX ON induction_programmes (cohort);

CREATE TABLE school_cohorts (
    school_id                   uuid NOT NULL REFERENCES schools DEFERRABLE,
    cohort                      smallint NOT NULL REFERENCES cohorts DEFERRABLE,
    induction_programme_choice  text NOT NULL CHECK (induction_programme_choice IN
                                   ('full_induction_programme', 'core_induction_programme', 'design_our_own',
                                    'school_funded_fip', 'no_early_career_teachers', 'not_yet_known')),
    default_programme_id        uuid REFERENCES induction_programmes DEFERRABLE,
    opt_out_of_updates          boolean NOT NULL DEFAULT false,
    created_at                  timestamptz NOT NULL DEFAULT now(),
    updated_at                  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (school_id, cohort)
);
CREATE INDEX ON school_cohorts (cohort);
CREATE INDEX ON school_cohorts (updated_at);
CREATE INDEX ON school_cohorts (default_programme_id);

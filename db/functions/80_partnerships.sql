-- What follows when a provider reports a partnership: contract v3.md section 3.4.5.

-- Does a school count as eligible for a new partnership? Unlike schools_of(), also one of a school-led type.
CREATE OR REPLACE FUNCTION is_open(school schools) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(school.status_code IN (1, 3), false)
$$;

CREATE OR REPLACE FUNCTION is_eligible(school schools) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT is_open(school)
       AND coalesce(school.district_code ILIKE 'E%' OR school.district_code LIKE '9999%', false)
       AND (school.section_41_approved
            OR coalesce(school.type_code IN (1, 2, 3, 5, 6, 7, 8, 12, 14, 15, 18, 28, 31, 32, 33, 34, 35, 36, 38, 39, 40,
                   41, 42, 43, 44, 45, 46, 47, 48, 57), false))
$$;

-- The provider that is confirmed to train at a school in a cohort; with several, the oldest. NULL: none.
CREATE OR REPLACE FUNCTION confirmed_provider(school uuid, of_cohort integer) RETURNS uuid LANGUAGE sql STABLE AS $$
    SELECT p.lead_provider_id FROM partnerships p
     WHERE p.school_id = school AND p.cohort = of_cohort AND NOT p.relationship
       AND p.challenged_at IS NULL AND p.challenge_reason IS NULL
     ORDER BY p.created_at, p.id LIMIT 1
$$;

-- Active records of a programme go on in another one.
CREATE OR REPLACE FUNCTION move_active_records(from_programme uuid, to_programme uuid, at timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    record uuid;
BEGIN
    FOR record IN
        SELECT ir.id FROM induction_records ir
         WHERE ir.programme_id = from_programme AND ir.induction_status = 'active'
           AND (ir.end_date IS NULL OR ir.end_date > at) AND (ir.start_date <= at OR NOT ir.school_transfer)
         ORDER BY ir.id
    LOOP
        PERFORM change_induction_record(record, at, NULL, NULL, NULL, to_programme);
    END LOOP;
END
$$;

-- Steps 1 and 2: the partnership itself. A relationship with the partner is promoted; else the provider's own is taken up
-- again, a challenged one too; else there is a new one.
CREATE OR REPLACE FUNCTION confirm_partnership(provider uuid, school uuid, of_cohort smallint, partner uuid,
                                               at timestamptz) RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
    found_id uuid;
BEGIN
    SELECT p.id INTO found_id FROM partnerships p
     WHERE p.school_id = school AND p.cohort = of_cohort AND p.lead_provider_id = provider
       AND (NOT p.relationship OR p.delivery_partner_id = partner)
     ORDER BY p.relationship DESC, p.delivery_partner_id = partner DESC, p.created_at, p.id LIMIT 1;
    IF found_id IS NULL THEN
        INSERT INTO partnerships (school_id, cohort, lead_provider_id, delivery_partner_id, created_at, updated_at)
        VALUES (school, of_cohort, provider, partner, at, change_instant())
        RETURNING id INTO found_id;
    END IF;
    RETURN found_id;
END
$$;

-- Step 4: the school cohort's default programme, and who moves into it.
CREATE OR REPLACE FUNCTION adopt_partnership(partnership uuid, school uuid, of_cohort smallint, at timestamptz)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    standard induction_programmes;
    standard_partnership partnerships;
    new_default uuid;
    other uuid;
BEGIN
    SELECT ip.* INTO standard FROM school_cohorts sc JOIN induction_programmes ip ON ip.id = sc.default_programme_id
     WHERE sc.school_id = school AND sc.cohort = of_cohort;
    SELECT p.* INTO standard_partnership FROM partnerships p WHERE p.id = standard.partnership_id;
    IF standard.training_programme = 'full_induction_programme' AND standard.partnership_id IS NULL THEN
        UPDATE induction_programmes SET partnership_id = partnership WHERE id = standard.id;
        new_default := standard.id;
    ELSIF standard.training_programme = 'full_induction_programme'
          AND (standard.partnership_id = partnership
               OR (standard_partnership.challenged_at IS NULL AND standard_partnership.challenge_reason IS NULL)) THEN
        RETURN;
    ELSE
        INSERT INTO induction_programmes (school_id, cohort, training_programme, partnership_id, created_at, updated_at)
        VALUES (school, of_cohort, 'full_induction_programme',
                CASE WHEN standard.training_programme = 'full_induction_programme' THEN partnership
                     ELSE (SELECT p.id FROM partnerships p
                            WHERE p.school_id = school AND p.cohort = of_cohort AND NOT p.relationship AND NOT p.pending
                              AND p.challenged_at IS NULL AND p.challenge_reason IS NULL
                            ORDER BY p.created_at, p.id LIMIT 1) END,
                at, change_instant())
        RETURNING id INTO new_default;
        UPDATE school_cohorts
           SET default_programme_id = new_default,
               induction_programme_choice = CASE WHEN standard.training_programme = 'full_induction_programme'
                   THEN induction_programme_choice ELSE 'full_induction_programme' END,
               opt_out_of_updates = CASE WHEN standard.training_programme = 'full_induction_programme'
                   THEN opt_out_of_updates ELSE false END
         WHERE school_id = school AND cohort = of_cohort;
        PERFORM move_active_records(standard.id, new_default, at);
    END IF;
    FOR other IN
        SELECT ip.id FROM induction_programmes ip LEFT JOIN partnerships p ON p.id = ip.partnership_id
         WHERE ip.school_id = school AND ip.cohort = of_cohort AND ip.id <> new_default
           AND ip.training_programme = 'full_induction_programme'
           AND (p.id IS NULL OR p.challenged_at IS NOT NULL OR p.challenge_reason IS NOT NULL)
         ORDER BY ip.id
    LOOP
        PERFORM move_active_records(other, new_default, at);
    END LOOP;
END
$$;

-- All steps. "existing" is the partnership that changes its partner; NULL for a new report.
CREATE OR REPLACE FUNCTION report_partnership(provider uuid, school uuid, of_cohort smallint, partner uuid,
                                              at timestamptz, existing uuid) RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
    reported uuid := coalesce(existing, confirm_partnership(provider, school, of_cohort, partner, at));
BEGIN
    UPDATE partnerships p
       SET relationship = false, challenge_reason = NULL, challenged_at = NULL, delivery_partner_id = partner,
           pending = false, report_id = gen_random_uuid(),
           challenge_deadline = greatest(c.academic_year_start_date + interval '2 months' - interval '1 day',
                                         at + interval '14 days')
      FROM cohorts c
     WHERE p.id = reported AND c.start_year = of_cohort;
    INSERT INTO school_cohorts (school_id, cohort, induction_programme_choice, created_at, updated_at)
    VALUES (school, of_cohort, 'full_induction_programme', at, change_instant())
    ON CONFLICT (school_id, cohort) DO NOTHING;
    PERFORM adopt_partnership(reported, school, of_cohort, at);
    RETURN reported;
END
$$;

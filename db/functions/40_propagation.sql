-- The chain of contract v3.md section 5: a change is pushed up to the person, whose trigger refreshes the
-- projections. Each trigger knows the next step only. Bulk work (import, seed) sets cpd.bulk, and then
-- propagates and refreshes once for all it touched.

CREATE OR REPLACE FUNCTION touch_users(ids uuid[]) RETURNS void
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    IF cardinality(ids) > 0 THEN
        PERFORM lock_participants(ids);
        UPDATE users SET updated_at = greatest(updated_at, change_instant()) WHERE id = ANY (ids);
    END IF;
END
$$;

CREATE OR REPLACE FUNCTION touch_training_records(ids uuid[]) RETURNS void
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    IF cardinality(ids) > 0 THEN
        PERFORM lock_participants(ARRAY(SELECT participant_id FROM training_records WHERE id = ANY (ids)));
        UPDATE training_records SET updated_at = greatest(updated_at, change_instant()) WHERE id = ANY (ids);
    END IF;
END
$$;

-- users: the end of the chain
CREATE OR REPLACE FUNCTION users_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM refresh_participants(ARRAY(SELECT id FROM changed));
    RETURN NULL;
END
$$;

-- anything that names its person
CREATE OR REPLACE FUNCTION participant_part_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'participant_id_changes' THEN
        PERFORM touch_users(ARRAY(SELECT DISTINCT participant_id FROM changed));
    ELSE
        PERFORM touch_users(ARRAY(SELECT DISTINCT user_id FROM changed));
    END IF;
    RETURN NULL;
END
$$;

-- Those who name this person, or a training record of this identity, as their mentor show another id now.
CREATE OR REPLACE FUNCTION refresh_mentees(mentor_records uuid[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    mentees uuid[];
BEGIN
    mentees := ARRAY(SELECT DISTINCT tr.participant_id FROM induction_records ir
                       JOIN training_records tr ON tr.id = ir.training_record_id
                      WHERE ir.mentor_training_record_id = ANY (mentor_records));
    IF cardinality(mentees) > 0 THEN
        PERFORM refresh_participants(mentees);
    END IF;
END
$$;

CREATE OR REPLACE FUNCTION identities_moved() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    moved uuid[] := ARRAY(SELECT n.id FROM new_rows n JOIN old_rows o USING (id) WHERE n.user_id <> o.user_id);
BEGIN
    PERFORM touch_users(ARRAY(SELECT user_id FROM new_rows UNION SELECT user_id FROM old_rows));
    IF cardinality(moved) > 0 THEN
        PERFORM refresh_mentees(ARRAY(SELECT id FROM training_records WHERE identity_id = ANY (moved)));
    END IF;
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION training_records_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM touch_users(ARRAY(SELECT DISTINCT participant_id FROM changed));
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION training_records_updated() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    moved uuid[] := ARRAY(SELECT n.id FROM new_rows n JOIN old_rows o USING (id) WHERE n.identity_id <> o.identity_id);
BEGIN
    PERFORM touch_users(ARRAY(SELECT participant_id FROM new_rows UNION SELECT participant_id FROM old_rows));
    IF cardinality(moved) > 0 THEN
        PERFORM refresh_mentees(moved);
    END IF;
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION training_record_part_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM touch_training_records(ARRAY(SELECT DISTINCT training_record_id FROM changed));
    RETURN NULL;
END
$$;

-- A mentor who is newly named must appear in the next poll of unfunded mentors.
CREATE OR REPLACE FUNCTION touch_new_mentors() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM touch_users(ARRAY(
        SELECT DISTINCT tr.participant_id FROM changed c
          JOIN training_records tr ON tr.id = c.mentor_training_record_id
         WHERE NOT EXISTS (SELECT FROM induction_records earlier
                            WHERE earlier.training_record_id = c.training_record_id AND earlier.id <> c.id
                              AND earlier.mentor_training_record_id = c.mentor_training_record_id)));
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION induction_records_updated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM touch_training_records(ARRAY(SELECT training_record_id FROM new_rows
                                         UNION SELECT training_record_id FROM old_rows));
    PERFORM touch_users(ARRAY(
        SELECT DISTINCT tr.participant_id FROM new_rows n JOIN old_rows o USING (id)
          JOIN training_records tr ON tr.id = n.mentor_training_record_id
         WHERE n.mentor_training_record_id IS DISTINCT FROM o.mentor_training_record_id));
    RETURN NULL;
END
$$;

-- partnerships: the school, and everybody trained there; those whose records hang on it change visibility
CREATE OR REPLACE FUNCTION partnerships_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    elsewhere uuid[];
BEGIN
    UPDATE schools SET updated_at = greatest(updated_at, change_instant())
     WHERE id IN (SELECT school_id FROM changed);
    PERFORM touch_training_records(ARRAY(SELECT id FROM training_records
                                          WHERE school_id IN (SELECT school_id FROM changed)));
    elsewhere := ARRAY(SELECT DISTINCT tr.participant_id FROM changed c
                         JOIN induction_programmes ip ON ip.partnership_id = c.id
                         JOIN induction_records ir ON ir.programme_id = ip.id
                         JOIN training_records tr ON tr.id = ir.training_record_id
                        WHERE tr.school_id <> c.school_id);
    IF cardinality(elsewhere) > 0 THEN
        PERFORM refresh_participants(elsewhere);
    END IF;
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION school_cohorts_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM touch_training_records(ARRAY(SELECT tr.id FROM changed c JOIN training_records tr
                                             ON tr.school_id = c.school_id AND tr.cohort = c.cohort));
    RETURN NULL;
END
$$;

-- induction programmes: the records that stand in them now are touched, the people behind older ones refreshed
CREATE OR REPLACE FUNCTION induction_programmes_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    earlier uuid[];
BEGIN
    UPDATE induction_records SET updated_at = greatest(updated_at, change_instant())
     WHERE programme_id IN (SELECT id FROM changed) AND (end_date IS NULL OR end_date > change_instant());
    earlier := ARRAY(SELECT DISTINCT tr.participant_id FROM changed c
                       JOIN induction_records ir ON ir.programme_id = c.id
                       JOIN training_records tr ON tr.id = ir.training_record_id
                      WHERE ir.end_date <= change_instant());
    IF cardinality(earlier) > 0 THEN
        PERFORM refresh_participants(earlier);
    END IF;
    RETURN NULL;
END
$$;

-- a school's URN is shown with each participant
CREATE OR REPLACE FUNCTION schools_renumbered() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    seen uuid[];
BEGIN
    seen := ARRAY(SELECT DISTINCT tr.participant_id FROM new_rows n JOIN old_rows o USING (id)
                    JOIN induction_programmes ip ON ip.school_id = n.id
                    JOIN induction_records ir ON ir.programme_id = ip.id
                    JOIN training_records tr ON tr.id = ir.training_record_id
                   WHERE n.urn <> o.urn);
    IF cardinality(seen) > 0 THEN
        PERFORM refresh_participants(seen);
    END IF;
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION declarations_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    people uuid[];
BEGIN
    IF TG_TABLE_NAME = 'declarations' THEN
        people := ARRAY(SELECT DISTINCT participant_id FROM changed);
    ELSIF TG_OP = 'INSERT' THEN
        -- A declaration that the same statement wrote has a trigger of its own, which sees this line item, too.
        people := ARRAY(SELECT DISTINCT d.participant_id
                          FROM changed c
                          JOIN declarations d ON d.id = c.declaration_id
                          JOIN statement_line_items item ON item.id = c.id
                         WHERE (d.xmin::text, d.cmin::text) <> (item.xmin::text, item.cmin::text));
    ELSE
        people := ARRAY(SELECT DISTINCT d.participant_id FROM changed c JOIN declarations d ON d.id = c.declaration_id);
    END IF;
    IF cardinality(people) > 0 THEN
        PERFORM lock_participants(people);
        PERFORM refresh_declarations(people);
    END IF;
    RETURN NULL;
END
$$;

-- Which function answers which change. An update is told apart only where old values matter.
DO $$
DECLARE
    rule record;
    not_bulk CONSTANT text := 'WHEN (current_setting(''cpd.bulk'', true) IS DISTINCT FROM ''on'')';
    transition text;
BEGIN
    FOR rule IN
        SELECT * FROM (VALUES
            ('users',                  'update', 'users_changed'),
            ('participants',           'insert', 'participant_part_changed'),
            ('participants',           'update', 'participant_part_changed'),
            ('participant_id_changes', 'insert', 'participant_part_changed'),
            ('participant_id_changes', 'update', 'participant_part_changed'),
            ('participant_id_changes', 'delete', 'participant_part_changed'),
            ('identities',             'insert', 'participant_part_changed'),
            ('identities',             'update', 'identities_moved'),
            ('identities',             'delete', 'participant_part_changed'),
            ('training_records',       'insert', 'training_records_changed'),
            ('training_records',       'update', 'training_records_updated'),
            ('training_records',       'delete', 'training_records_changed'),
            ('training_states',        'insert', 'training_record_part_changed'),
            ('training_states',        'update', 'training_record_part_changed'),
            ('training_states',        'delete', 'training_record_part_changed'),
            ('induction_records',      'insert', 'training_record_part_changed'),
            ('induction_records',      'insert', 'touch_new_mentors'),
            ('induction_records',      'update', 'induction_records_updated'),
            ('induction_records',      'delete', 'training_record_part_changed'),
            ('partnerships',           'insert', 'partnerships_changed'),
            ('partnerships',           'update', 'partnerships_changed'),
            ('partnerships',           'delete', 'partnerships_changed'),
            ('school_cohorts',         'insert', 'school_cohorts_changed'),
            ('school_cohorts',         'update', 'school_cohorts_changed'),
            ('school_cohorts',         'delete', 'school_cohorts_changed'),
            ('induction_programmes',   'update', 'induction_programmes_changed'),
            ('schools',                'update', 'schools_renumbered'),
            ('declarations',           'insert', 'declarations_changed'),
            ('declarations',           'update', 'declarations_changed'),
            ('statement_line_items',   'insert', 'declarations_changed'),
            ('statement_line_items',   'update', 'declarations_changed'),
            ('statement_line_items',   'delete', 'declarations_changed')
        ) AS r (table_name, event, function_name)
    LOOP
        transition := CASE
            WHEN rule.function_name IN ('identities_moved', 'training_records_updated', 'induction_records_updated',
                                        'schools_renumbered')
                 THEN 'OLD TABLE AS old_rows NEW TABLE AS new_rows'
            WHEN rule.event = 'delete' THEN 'OLD TABLE AS changed'
            ELSE 'NEW TABLE AS changed' END;
        EXECUTE format('CREATE OR REPLACE TRIGGER %I AFTER %s ON %I REFERENCING %s FOR EACH STATEMENT %s EXECUTE FUNCTION %I()',
                       rule.function_name || '_after_' || rule.event, rule.event, rule.table_name, transition,
                       not_bulk, rule.function_name);
    END LOOP;
END
$$;

-- Every transaction that changes what a GET shows raises a number: that of each lead provider whose participants or
-- declarations change, and one for everything else. A tag made of it (src/http/condition.c) tells a client that nothing
-- is new without a look at the page.

-- A shard of the numbers is a transaction's own until it ends, so that writers neither wait for one another nor meet in
-- a deadlock. The low ones come first: a reader adds up as many rows as there ever were writers at once. When all are
-- taken there is one for each server process.
CREATE OR REPLACE FUNCTION change_shard() RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    shards CONSTANT integer := 64;
    class CONSTANT integer := hashtext('cpd-api change_numbers');
    own integer := nullif(current_setting('cpd.shard', true), '')::integer;
BEGIN
    IF own IS NOT NULL THEN
        RETURN own;
    END IF;
    own := shards + pg_backend_pid();
    FOR candidate IN 0 .. shards - 1 LOOP
        IF pg_try_advisory_xact_lock(class, candidate) THEN
            own := candidate;
            EXIT;
        END IF;
    END LOOP;
    PERFORM set_config('cpd.shard', own::text, true);
    RETURN own;
END
$$;

-- Once a transaction for each scope; what is remembered goes with a savepoint that is undone, as the raising does.
-- Steps are random: a database that was restored from a backup does not come by the numbers that it had before.
CREATE OR REPLACE FUNCTION raise_change_numbers(scopes uuid[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    raised CONSTANT text := coalesce(current_setting('cpd.raised', true), '');
    fresh CONSTANT uuid[] := ARRAY(SELECT s FROM unnest(scopes) s WHERE position(s::text IN raised) = 0);
BEGIN
    IF cardinality(fresh) = 0 THEN
        RETURN;
    END IF;
    INSERT INTO change_numbers AS known (scope, shard, number)
    SELECT s, change_shard(), 1 + (random() * 1048576)::integer FROM unnest(fresh) s
    ON CONFLICT (scope, shard) DO UPDATE SET number = known.number + excluded.number;
    PERFORM set_config('cpd.raised', concat_ws(' ', raised, array_to_string(fresh, ' ')), true);
END
$$;

CREATE OR REPLACE FUNCTION raise_shared_number() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    nil CONSTANT uuid := '00000000-0000-0000-0000-000000000000';
BEGIN
    IF position(nil::text IN coalesce(current_setting('cpd.raised', true), '')) = 0 THEN
        PERFORM raise_change_numbers(ARRAY[nil]);
    END IF;
END
$$;

-- anything shown beside participants and declarations
CREATE OR REPLACE FUNCTION count_shared_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM raise_shared_number();
    RETURN NULL;
END
$$;

-- the projections: their providers; who is an unfunded mentor follows from the enrolments
CREATE OR REPLACE FUNCTION count_projection_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    providers CONSTANT uuid[] := ARRAY(SELECT DISTINCT lead_provider_id FROM changed);
BEGIN
    IF cardinality(providers) > 0 THEN
        PERFORM raise_change_numbers(providers);
        IF TG_TABLE_NAME = 'provider_enrolments' THEN
            PERFORM raise_shared_number();
        END IF;
    END IF;
    RETURN NULL;
END
$$;

-- read beside the projection, and not always followed by a change there
CREATE OR REPLACE FUNCTION count_id_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM raise_change_numbers(ARRAY(SELECT DISTINCT e.lead_provider_id FROM changed c
                                         JOIN provider_enrolments e ON e.participant_id = c.participant_id));
    RETURN NULL;
END
$$;

-- also for changes made while triggers were off (docs/operations.md)
CREATE OR REPLACE FUNCTION count_by_hand() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM raise_change_numbers(ARRAY(SELECT id FROM lead_providers));
    PERFORM raise_shared_number();
END
$$;

-- a provider's name stands in everybody's declarations; and whatever empties a projection
CREATE OR REPLACE FUNCTION count_change_for_all() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM count_by_hand();
    RETURN NULL;
END
$$;

DO $$
DECLARE
    shown text;
    rule record;
BEGIN
    -- every table from which anything but participants and declarations is read
    FOREACH shown IN ARRAY ARRAY['cohorts', 'delivery_partners', 'identities', 'induction_programmes', 'induction_records',
        'induction_tutor_schools', 'induction_tutors', 'nomination_emails', 'participants', 'partnerships',
        'provider_relationships', 'school_cohorts', 'schools', 'statements', 'training_records', 'users']
    LOOP
        EXECUTE format('CREATE OR REPLACE TRIGGER count_shared_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON %I
                            FOR EACH STATEMENT EXECUTE FUNCTION count_shared_change()', shown);
    END LOOP;

    FOR rule IN
        SELECT t.table_name, t.function_name, e.event, e.rows
          FROM (VALUES ('provider_enrolments',    'count_projection_change'),
                       ('provider_declarations',  'count_projection_change'),
                       ('participant_id_changes', 'count_id_change')) AS t (table_name, function_name),
               (VALUES ('insert', 'NEW'), ('update', 'NEW'), ('delete', 'OLD')) AS e (event, rows)
    LOOP
        EXECUTE format('CREATE OR REPLACE TRIGGER %I AFTER %s ON %I REFERENCING %s TABLE AS changed
                            FOR EACH STATEMENT EXECUTE FUNCTION %I()',
                       rule.function_name || '_after_' || rule.event, rule.event, rule.table_name, rule.rows,
                       rule.function_name);
    END LOOP;

    FOREACH shown IN ARRAY ARRAY['provider_enrolments', 'provider_declarations', 'participant_id_changes'] LOOP
        EXECUTE format('CREATE OR REPLACE TRIGGER count_change_for_all AFTER TRUNCATE ON %I
                            FOR EACH STATEMENT EXECUTE FUNCTION count_change_for_all()', shown);
    END LOOP;
END
$$;
CREATE OR REPLACE TRIGGER count_change_for_all AFTER INSERT OR UPDATE OR DELETE ON lead_providers
    FOR EACH STATEMENT EXECUTE FUNCTION count_change_for_all();

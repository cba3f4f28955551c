-- The instant a change is stamped with: never earlier than the wall clock, so that no poll misses it,
-- and the same for everything that one transaction changes.
CREATE OR REPLACE FUNCTION change_instant() RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT greatest(transaction_timestamp(), nullif(current_setting('cpd.now', true), '')::timestamptz)
$$;

CREATE OR REPLACE FUNCTION stamp_updated_at() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.updated_at = OLD.updated_at THEN
        NEW.updated_at := change_instant();
    END IF;
    RETURN NEW;
END
$$;

DO $$
DECLARE
    stamped text;
BEGIN
    FOR stamped IN
        SELECT c.table_name FROM information_schema.columns c
         WHERE c.table_schema = current_schema() AND c.column_name = 'updated_at'
           AND c.table_name NOT LIKE 'provider\_%' OR c.table_name = 'provider_relationships' AND c.column_name = 'updated_at'
    LOOP
        EXECUTE format(
            'CREATE OR REPLACE TRIGGER stamp_updated_at BEFORE UPDATE ON %I FOR EACH ROW
                 WHEN (OLD.* IS DISTINCT FROM NEW.* AND current_setting(''cpd.bulk'', true) IS DISTINCT FROM ''on'')
                 EXECUTE FUNCTION stamp_updated_at()', stamped);
    END LOOP;
END
$$;

-- The functions that fill the projections are planned for what the tables hold now. (A plain ANALYZE would also lock
-- the catalogues that all databases of a cluster share, until the end of the transaction.)
DO $$
DECLARE
    filled name;
BEGIN
    FOR filled IN SELECT tablename FROM pg_tables WHERE schemaname = current_schema() LOOP
        EXECUTE format('ANALYZE %I', filled);
    END LOOP;
END
$$;

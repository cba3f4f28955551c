-- Which statement leaves the tables as autovacuum would?
SELECT 'VACUUM (ANALYZE) ' || string_agg(quote_ident(tablename), ', ') FROM pg_tables WHERE schemaname = current_schema();

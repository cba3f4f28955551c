-- What the service's role may do: read and write rows, add events; own nothing, change no schema.
CREATE OR REPLACE FUNCTION grant_service(role name) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF role = current_user THEN
        RETURN;
    END IF;
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', current_schema(), role);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA %I TO %I', current_schema(), role);
    EXECUTE format('GRANT USAGE ON ALL SEQUENCES IN SCHEMA %I TO %I', current_schema(), role);
    EXECUTE format('GRANT TRUNCATE ON provider_enrolments, provider_declarations TO %I', role);
    EXECUTE format('REVOKE INSERT, UPDATE, DELETE ON schema_migrations, schema_functions FROM %I', role);
    EXECUTE format('REVOKE UPDATE, DELETE ON events FROM %I', role);
END
$$;

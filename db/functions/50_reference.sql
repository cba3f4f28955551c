-- Puts the rows of a shipped file, copied into "incoming", into its table. Missing rows are always added; rows
-- that are there are changed only when the file itself has changed since it was last loaded, so that what an
-- import said in between stays. Rows that are the same are not written.
CREATE OR REPLACE FUNCTION merge_reference(target text, file_digest text) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
    is_changed CONSTANT boolean := NOT EXISTS (SELECT FROM reference_loads
                                                WHERE name = target AND digest = file_digest);
    columns text;
    keys text;
    theirs text;
    ours text;
    written integer;
BEGIN
    SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum),
           string_agg('old.' || quote_ident(attname), ', ' ORDER BY attnum),
           string_agg('excluded.' || quote_ident(attname), ', ' ORDER BY attnum)
      INTO columns, ours, theirs
      FROM pg_attribute WHERE attrelid = 'pg_temp.incoming'::regclass AND attnum > 0;
    SELECT string_agg(quote_ident(a.attname), ', ') INTO keys
      FROM pg_index i
      JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
     WHERE i.indrelid = target::regclass AND i.indisprimary;

    EXECUTE format('INSERT INTO %I AS old (%s) SELECT %s FROM pg_temp.incoming ON CONFLICT (%s) ', target, columns,
                   columns, keys)
         || CASE WHEN is_changed
                 THEN format('DO UPDATE SET (%s) = ROW (%s) WHERE (%s) IS DISTINCT FROM (%s)', columns, theirs,
                             ours, theirs)
                 ELSE 'DO NOTHING' END;
    GET DIAGNOSTICS written = ROW_COUNT;

    INSERT INTO reference_loads AS old (name, digest) VALUES (target, file_digest)
    ON CONFLICT (name) DO UPDATE SET digest = excluded.digest, loaded_at = now()
     WHERE old.digest <> excluded.digest;
    RETURN written;
END
$$;

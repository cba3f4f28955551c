-- The set-based half of "cpd-api import": contract import.md. The program has checked every line by itself and
-- staged its parts in import_rows (db/queries/import/stage.sql), each a part of one row of one table, with that
-- table's column names. Each table is then merged by import_merge(): merged_TABLE holds, for every row that is
-- new, really different or to be deleted, what was and what shall be; the steps after it ask nothing else.

-- What a row of this table is called in a message: the record's type.
CREATE OR REPLACE FUNCTION import_name(target text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE target WHEN 'identities' THEN 'identity' ELSE regexp_replace(target, 's$', '') END
$$;

-- The columns by which a record is known.
CREATE OR REPLACE FUNCTION import_key(target text) RETURNS text[] LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN CASE target
        WHEN 'api_tokens' THEN '{digest}'
        WHEN 'training_states' THEN '{training_record_id,created_at,lead_provider_id}'
        ELSE (SELECT array_agg(a.attname::text ORDER BY array_position(i.indkey, a.attnum))
                FROM pg_index i
                JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
               WHERE i.indrelid = target::regclass AND i.indisprimary) END;
END
$$;

-- Is this the same row? "left" and "right" are templates for format(), for a column's name.
CREATE OR REPLACE FUNCTION import_same(target text, left_side text, right_side text) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT string_agg(format(left_side, a.attname)
                      || CASE WHEN a.attnotnull THEN ' = ' ELSE ' IS NOT DISTINCT FROM ' END
                      || format(right_side, a.attname) || '::' || format_type(a.atttypid, a.atttypmod),
                      ' AND ' ORDER BY array_position(import_key(target), a.attname::text))
      FROM pg_attribute a
     WHERE a.attrelid = target::regclass AND a.attname = ANY (import_key(target))
$$;

-- Stands for what a reference should lead to and does not, so that the row can be merged and then be refused.
CREATE OR REPLACE FUNCTION import_nobody() RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
    SELECT '00000000-0000-0000-0000-000000000000'::uuid
$$;

-- A new row before its record is put over it: the columns' defaults, and those of the contract.
CREATE OR REPLACE FUNCTION import_defaults(target text) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT format('ROW(%s)::%I', string_agg(
        CASE target || '.' || a.attname
            WHEN 'lead_providers.cpd_name' THEN $e$r.doc ->> 'name'$e$
            WHEN 'api_tokens.private_api_access' THEN $e$r.doc ->> 'kind' <> 'lead_provider'$e$
            WHEN 'training_records.identity_id' THEN
                $e$coalesce((SELECT i.id FROM identities i WHERE i.user_id = (r.doc ->> 'participant_id')::uuid
                              ORDER BY i.external_identifier <> i.user_id, i.created_at, i.id LIMIT 1),
                            import_nobody())$e$
            ELSE CASE WHEN d.adbin IS NULL THEN 'NULL'
                      WHEN a.attname IN ('created_at', 'updated_at') THEN 'change_instant()'
                      ELSE pg_get_expr(d.adbin, d.adrelid) END
        END, ', ' ORDER BY a.attnum), target)
      FROM pg_attribute a
      LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
     WHERE a.attrelid = target::regclass AND a.attnum > 0 AND NOT a.attisdropped
$$;

-- The record as staged, with what follows from it: a declaration is of the person of its training record.
CREATE OR REPLACE FUNCTION import_document(target text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE target WHEN 'declarations' THEN
        $e$r.doc || jsonb_build_object('participant_id', coalesce(
               (SELECT tr.participant_id FROM training_records tr
                 WHERE tr.id = coalesce((r.doc ->> 'training_record_id')::uuid, old.training_record_id)),
               import_nobody()))$e$
        ELSE 'r.doc' END
$$;

CREATE OR REPLACE FUNCTION import_merge(target text, OUT inserted bigint, OUT changed bigint, OUT deleted bigint)
LANGUAGE plpgsql AS $$
DECLARE
    staged bigint;
BEGIN
    inserted := 0;
    changed := 0;
    deleted := 0;
    IF target = 'identities' THEN
        PERFORM import_default_identities();
    ELSIF target = 'statement_line_items' THEN
        PERFORM import_line_items();
    END IF;
    EXECUTE format($sql$
        CREATE TEMPORARY TABLE %1$I ON COMMIT DROP AS
        SELECT m.line, m.record_type, m.record_id, m.is_stamped, m.old, m.new,
               CASE WHEN m.is_deletion THEN 'delete' WHEN m.old IS NULL THEN 'insert' ELSE 'update' END AS action
          FROM (SELECT r.line, r.type AS record_type, r.id AS record_id, r.is_deletion,
                       r.doc ? 'updated_at' AS is_stamped, old,
                       jsonb_populate_record(coalesce(old, %3$s), %4$s) AS new
                  FROM import_rows r
                  LEFT JOIN %2$I old ON %5$s
                 WHERE r.target = %2$L AND NOT r.is_refused
                OFFSET 0) m
         WHERE CASE WHEN m.is_deletion THEN NOT m.old IS NULL ELSE m.new IS DISTINCT FROM m.old END
        $sql$, 'merged_' || target, target, import_defaults(target), import_document(target),
        import_same(target, 'old.%I', '(r.doc ->> %L)'));
    GET DIAGNOSTICS staged = ROW_COUNT;
    IF staged = 0 THEN
        RETURN;
    END IF;
    PERFORM import_check_required(target);
    PERFORM import_check_rules(target);
    PERFORM import_check_unique(target);
    PERFORM import_refuse(target);
    PERFORM import_apply(target);
    EXECUTE format($sql$
        SELECT count(*) FILTER (WHERE action = 'insert'), count(*) FILTER (WHERE action IN ('update', 'replace')),
               count(*) FILTER (WHERE action = 'delete') FROM %I
        $sql$, 'merged_' || target) INTO inserted, changed, deleted;
END
$$;

-- Rows with a problem stay out, so that every other row can still be checked; nothing of it will be kept.
CREATE OR REPLACE FUNCTION import_refuse(target text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM import_problems) THEN
        UPDATE import_rows SET is_refused = true
         WHERE line IN (SELECT p.line FROM import_problems p) AND NOT is_refused;
        EXECUTE format('DELETE FROM %I WHERE line IN (SELECT p.line FROM import_problems p)', 'merged_' || target);
    END IF;
END
$$;

-- What follows a load is planned by what it has brought. Only a table's owner may tell the planner, hence "definer".
CREATE OR REPLACE FUNCTION import_analyze(target text) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    EXECUTE format('ANALYZE %I', target);
END
$$;

-- Writes what import_merge() has found. A row whose unique value another row of the file takes over is taken
-- away first and comes back changed, since PostgreSQL compares row by row.
CREATE OR REPLACE FUNCTION import_apply(target text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    merged CONSTANT text := 'merged_' || target;
    same CONSTANT text := import_same(target, 'x.%I', '(m.old).%I');
    columns text;
    values text;
    added bigint;
BEGIN
    SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum),
           string_agg(CASE attname
               WHEN 'updated_at' THEN
                   $e$CASE WHEN m.is_stamped OR m.action = 'insert' THEN (m.new).updated_at
                           ELSE change_instant() END$e$
               ELSE format('(m.new).%I', attname) END, ', ' ORDER BY attnum)
      INTO columns, values
      FROM pg_attribute WHERE attrelid = target::regclass AND attnum > 0 AND NOT attisdropped;

    EXECUTE format('ANALYZE %I', merged);
    EXECUTE format('DELETE FROM %I x USING %I m WHERE %s AND m.action IN (''delete'', ''replace'')',
                   target, merged, same);
    EXECUTE format('UPDATE %I x SET (%s) = ROW (%s) FROM %I m WHERE %s AND m.action = ''update''',
                   target, columns, values, merged, same);
    EXECUTE format('INSERT INTO %I (%s) SELECT %s FROM %I m WHERE m.action IN (''insert'', ''replace'')',
                   target, columns, values, merged);
    GET DIAGNOSTICS added = ROW_COUNT;
    IF added > 1000 THEN
        PERFORM import_analyze(target);
    END IF;
END
$$;

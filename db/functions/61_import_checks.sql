-- What "import" refuses and one line cannot tell by itself. Each check adds to import_problems; none of them says
-- a value of anything personal.

-- The same record on two lines, or the same identity of a participant.
CREATE OR REPLACE FUNCTION import_check_duplicates() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    WITH keyed AS (
        SELECT r.line, r.type, r.id, CASE r.target WHEN 'identities' THEN r.doc ->> 'id' ELSE r.id END AS key,
               r.target
          FROM import_rows r
         WHERE r.type = 'user' OR r.target <> 'users'
    ), repeated AS (
        SELECT type, target, key, min(line) AS first FROM keyed GROUP BY type, target, key HAVING count(*) > 1
    )
    INSERT INTO import_problems
    SELECT DISTINCT k.line, k.type, k.id, CASE k.target WHEN 'identities' THEN 'identities' END,
           'duplicate of line ' || p.first
      FROM repeated p
      JOIN keyed k ON (k.type, k.target, k.key) = (p.type, p.target, p.key)
     WHERE k.line > p.first AND (k.target <> 'identities' OR NOT EXISTS (SELECT FROM repeated q WHERE q.key = k.id));
END
$$;

-- What every new record must have: a column that may not be empty and has no default.
CREATE OR REPLACE FUNCTION import_check_required(target text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    required text[] := ARRAY(
        SELECT a.attname::text FROM pg_attribute a
         WHERE a.attrelid = target::regclass AND a.attnum > 0 AND a.attnotnull AND NOT a.atthasdef
           AND NOT a.attisdropped AND a.attname <> ALL (import_key(target)));
BEGIN
    IF cardinality(required) = 0 THEN
        RETURN;
    END IF;
    EXECUTE format(
        'INSERT INTO import_problems
         SELECT m.line, m.record_type, m.record_id, v.name, ''is required on a new record''
           FROM %I m CROSS JOIN LATERAL (VALUES %s) v (name, is_missing)
          WHERE m.action <> ''delete'' AND (%s) AND v.is_missing', 'merged_' || target,
        (SELECT string_agg(format('(%L, (m.new).%I IS NULL)', c, c), ', ') FROM unnest(required) c),
        (SELECT string_agg(format('(m.new).%I IS NULL', c), ' OR ') FROM unnest(required) c));
END
$$;

-- The CHECK constraints about several columns; those about one are in the program's table of record types.
CREATE OR REPLACE FUNCTION import_check_rules(target text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    rule text;
BEGIN
    FOR rule IN
        SELECT pg_get_expr(c.conbin, c.conrelid) FROM pg_constraint c
         WHERE c.conrelid = target::regclass AND c.contype = 'c' AND cardinality(c.conkey) > 1
    LOOP
        EXECUTE format($sql$
            INSERT INTO import_problems
            SELECT m.line, m.record_type, m.record_id, NULL, 'breaks the rule ' || %L
              FROM (SELECT line, record_type, record_id, (new).* FROM %I WHERE action <> 'delete') m
             WHERE NOT (%s)
            $sql$, rule, 'merged_' || target, rule);
    END LOOP;
END
$$;

-- Two rows of the file, or one of them and one that stays as it is, that a unique index forbids together. Where
-- the other row changes as well it only has to make room: see import_apply().
CREATE OR REPLACE FUNCTION import_check_unique(target text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    rule record;
BEGIN
    FOR rule IN
        SELECT coalesce(pg_get_expr(i.indpred, i.indrelid), 'true') AS predicate,
               ARRAY(SELECT pg_get_indexdef(i.indexrelid, n, true) FROM generate_series(1, i.indnkeyatts) n) AS parts
          FROM pg_index i
         WHERE i.indrelid = target::regclass AND i.indisunique
           AND NOT import_key(target) <@ ARRAY(SELECT a.attname::text FROM pg_attribute a
                                                WHERE a.attrelid = i.indexrelid)
    LOOP
        PERFORM import_check_index(target, rule.predicate, rule.parts);
    END LOOP;
END
$$;

CREATE OR REPLACE FUNCTION import_check_index(target text, predicate text, parts text[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    names CONSTANT text[] := ARRAY(SELECT substring(p FROM '\w+(?=\))|^\w+$') FROM unnest(parts) p);
    labelled CONSTANT text := (SELECT string_agg(format('%s AS part_%s', p, n), ', ')
                                 FROM unnest(parts) WITH ORDINALITY AS u (p, n));
    listed CONSTANT text := (SELECT string_agg(format('part_%s', n), ', ')
                               FROM generate_series(1, cardinality(parts)) n);
    equal CONSTANT text := (SELECT string_agg(format('s.part_%1$s = i.part_%1$s', n), ' AND ')
                              FROM generate_series(1, cardinality(parts)) n);
    merged CONSTANT text := 'merged_' || target;
    problem CONSTANT text := 'the same ' || array_to_string(names, ', ') || ' as ';
BEGIN
    EXECUTE format($sql$
        CREATE TEMPORARY TABLE import_incoming ON COMMIT DROP AS
        SELECT m.line, m.record_type, m.record_id, %s, %s
          FROM (SELECT line, record_type, record_id, (new).* FROM %I WHERE action <> 'delete') m WHERE %s
        $sql$, labelled, (SELECT string_agg(format('m.%1$I AS key_%1$s', k), ', ') FROM unnest(import_key(target)) k),
        merged, predicate);
    ANALYZE import_incoming;
    EXECUTE format($sql$
        INSERT INTO import_problems
        SELECT i.line, i.record_type, i.record_id, %1$L, %2$L || 'line ' || i.first
          FROM (SELECT *, min(line) OVER (PARTITION BY %3$s) AS first FROM import_incoming
                 WHERE (%3$s) IS NOT NULL) i
         WHERE i.line > i.first
        $sql$, names[cardinality(names)], problem, listed);
    EXECUTE format($sql$
        CREATE TEMPORARY TABLE import_clashes ON COMMIT DROP AS
        SELECT i.line, i.record_type, i.record_id, s.*
          FROM import_incoming i
          JOIN (SELECT %1$s, %2$s FROM %3$I WHERE %4$s) s ON %5$s AND NOT (%6$s)
        $sql$, labelled, (SELECT string_agg(quote_ident(k), ', ') FROM unnest(import_key(target)) k), target,
        predicate, equal, import_same(target, 's.%I', 'i.key_%s'));
    EXECUTE format('UPDATE %I m SET action = ''replace'' FROM import_clashes s WHERE %s AND m.action = ''update''',
                   merged, import_same(target, '(m.old).%I', 's.%I'));
    EXECUTE format($sql$
        INSERT INTO import_problems
        SELECT s.line, s.record_type, s.record_id, %1$L, %2$L || concat_ws('/', %3$s)
          FROM import_clashes s
         WHERE NOT EXISTS (SELECT FROM %4$I m WHERE %5$s AND m.action IN ('replace', 'delete'))
        $sql$, names[cardinality(names)], problem || import_name(target) || ' ',
        (SELECT string_agg(format('s.%I', k), ', ') FROM unnest(import_key(target)) k), merged,
        import_same(target, '(m.old).%I', 's.%I'));
    DROP TABLE import_incoming, import_clashes;
END
$$;

-- What the contract asks for and no constraint says.
CREATE OR REPLACE FUNCTION import_check_people() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO import_problems
    SELECT m.line, m.record_type, m.record_id, 'school_ids', 'is required on a new record'
      FROM merged_induction_tutors m
     WHERE m.action = 'insert'
       AND NOT EXISTS (SELECT FROM import_rows r WHERE r.target = 'tutor_school_lists' AND r.line = m.line)
    UNION ALL
    SELECT m.line, m.record_type, m.record_id, 'identity_id', 'the participant has no identity'
      FROM merged_training_records m
      JOIN participants p ON p.user_id = (m.new).participant_id
     WHERE m.action <> 'delete' AND (m.new).identity_id = import_nobody()
     LIMIT 101;
END
$$;

-- The foreign keys, all at once. Only where one is broken is it worked out which.
CREATE OR REPLACE FUNCTION import_check_references() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    is_broken boolean;
    fk record;
BEGIN
    PERFORM import_check_people();
    is_broken := EXISTS (SELECT FROM import_problems);
    IF NOT is_broken THEN
        BEGIN
            SET CONSTRAINTS ALL IMMEDIATE;
        EXCEPTION WHEN integrity_constraint_violation THEN
            is_broken := true;
        END;
    END IF;
    FOR fk IN
        SELECT c.conrelid::regclass::text AS source, c.confrelid::regclass::text AS target,
               ARRAY(SELECT a.attname::text FROM unnest(c.conkey) WITH ORDINALITY k (num, n)
                       JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.num ORDER BY n) AS columns,
               ARRAY(SELECT a.attname::text FROM unnest(c.confkey) WITH ORDINALITY k (num, n)
                       JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.num ORDER BY n) AS keys
          FROM pg_constraint c
         WHERE c.contype = 'f' AND is_broken AND c.connamespace = current_schema()::regnamespace
        UNION ALL
        SELECT v.source, 'school_cohorts', '{school_id,cohort}', '{school_id,cohort}'
          FROM (VALUES ('induction_programmes'), ('training_records')) v (source)
         WHERE EXISTS (SELECT FROM merged_school_cohorts WHERE action = 'delete')
    LOOP
        IF fk.target <> 'school_cohorts' AND to_regclass('pg_temp.merged_' || fk.source) IS NOT NULL THEN
            PERFORM import_find_dangling(fk.source, fk.columns, fk.target, fk.keys);
        END IF;
        IF to_regclass('pg_temp.merged_' || fk.target) IS NOT NULL THEN
            PERFORM import_find_referrers(fk.source, fk.columns, fk.target, fk.keys);
        END IF;
    END LOOP;
    IF is_broken AND NOT EXISTS (SELECT FROM import_problems) THEN
        INSERT INTO import_problems VALUES (0, NULL, NULL, NULL, 'the records contradict one another');
    END IF;
END
$$;

-- Records of the file that name what is not there. What is there but was refused itself is no further problem.
CREATE OR REPLACE FUNCTION import_find_dangling(source text, columns text[], target text, keys text[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    named CONSTANT text := (SELECT string_agg(format('(m.new).%I', c), ', ') FROM unnest(columns) c
                             WHERE c <> 'participant_id' OR cardinality(columns) = 1);
BEGIN
    EXECUTE format($sql$
        INSERT INTO import_problems
        SELECT m.line, m.record_type, m.record_id, %1$L, %2$L || concat_ws('/', %3$s)
          FROM %4$I m
         WHERE m.action <> 'delete' AND (%3$s) IS NOT NULL AND concat_ws('/', %3$s) <> import_nobody()::text
           AND NOT EXISTS (SELECT FROM %5$I x WHERE %6$s)
           AND NOT EXISTS (SELECT FROM import_rows r
                            WHERE r.is_refused AND r.target = %5$L AND r.id = concat_ws('/', %3$s))
         ORDER BY m.line LIMIT 101
        $sql$, columns[1], 'there is no ' || import_name(target) || ' ', named, 'merged_' || source, target,
        (SELECT string_agg(format('x.%I = (m.new).%I', k, c), ' AND ') FROM unnest(keys, columns) u (k, c)));
END
$$;

-- Records of the file that are to be deleted while others name them.
CREATE OR REPLACE FUNCTION import_find_referrers(source text, columns text[], target text, keys text[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format($sql$
        INSERT INTO import_problems
        SELECT m.line, m.record_type, m.record_id, 'deleted',
               format('%%s %%s still refers to it%%s', %1$L, min(concat_ws('/', %2$s)),
                      CASE WHEN count(*) > 1 THEN format(', and %%s more', count(*) - 1) ELSE '' END)
          FROM %3$I m
          JOIN %4$I x ON %5$s
         WHERE m.action = 'delete'
         GROUP BY m.line, m.record_type, m.record_id
         ORDER BY m.line LIMIT 101
        $sql$, import_name(source), (SELECT string_agg(format('x.%I', k), ', ') FROM unnest(import_key(source)) k),
        'merged_' || target, source,
        (SELECT string_agg(format('x.%I = (m.old).%I', c, k), ' AND ') FROM unnest(columns, keys) u (c, k)));
END
$$;

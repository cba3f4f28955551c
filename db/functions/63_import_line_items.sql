-- A declaration's place on statements, as line items: contract import.md, type "declaration". Of each declaration
-- of the file one item says what it is or was paid on, and a second one what it is clawed back on; their states
-- follow the declaration's (contract rules.md section 6.1), so that none is ever paid twice.

CREATE OR REPLACE FUNCTION import_line_items() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    CREATE TEMPORARY TABLE import_items ON COMMIT DROP AS
    WITH named AS (
        SELECT min(r.line) AS line, r.type, r.id, d.state, d.id AS declaration_id, d.lead_provider_id,
               jsonb_object_agg(s.key, s.value) FILTER (WHERE s.key IS NOT NULL) AS statements
          FROM import_rows r
          JOIN declarations d ON d.id = r.id::uuid
          LEFT JOIN LATERAL jsonb_each(
                   CASE r.target WHEN 'declaration_statements' THEN r.doc - 'declaration_id' END) s ON true
         WHERE r.target IN ('declarations', 'declaration_statements') AND NOT r.is_refused
         GROUP BY r.type, r.id, d.id
    )
    SELECT n.line, n.type, n.id AS record_id, n.declaration_id, n.lead_provider_id, member.name AS member,
           n.statements ? member.name AS is_named, member.state, item.id AS item_id,
           CASE WHEN n.statements ? member.name THEN (n.statements ->> member.name)::uuid
                ELSE item.statement_id END AS statement_id
      FROM named n
     CROSS JOIN LATERAL (VALUES
               ('statement_id', false,
                CASE WHEN n.state IN ('awaiting_clawback', 'clawed_back') THEN 'paid'
                     ELSE nullif(n.state, 'submitted') END),
               ('clawback_statement_id', true,
                CASE WHEN n.state IN ('awaiting_clawback', 'clawed_back') THEN n.state END)
           ) member (name, is_clawback, state)
      LEFT JOIN LATERAL (
               SELECT li.id, li.statement_id FROM statement_line_items li
                WHERE li.declaration_id = n.declaration_id
                  AND (li.state IN ('awaiting_clawback', 'clawed_back')) = member.is_clawback
                ORDER BY li.state NOT IN ('eligible', 'payable', 'paid'), li.created_at DESC, li.id LIMIT 1) item
             ON true;
    PERFORM import_check_items();
    INSERT INTO import_rows (line, type, id, target, is_deletion, doc)
    SELECT i.line, i.type, i.record_id, 'statement_line_items', i.state IS NULL OR i.statement_id IS NULL,
           jsonb_build_object('id', coalesce(i.item_id, gen_random_uuid()), 'statement_id', i.statement_id,
                              'declaration_id', i.declaration_id, 'state', i.state)
      FROM import_items i
     WHERE i.item_id IS NOT NULL OR (i.state IS NOT NULL AND i.statement_id IS NOT NULL);
    DROP TABLE import_items;
END
$$;

CREATE OR REPLACE FUNCTION import_check_items() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO import_problems
    SELECT i.line, i.type, i.record_id, i.member, p.problem
      FROM import_items i
      LEFT JOIN statements s ON s.id = i.statement_id
     CROSS JOIN LATERAL (VALUES (
               CASE WHEN i.state IS NULL AND i.member = 'statement_id'
                        THEN 'a submitted declaration is on no statement'
                    WHEN i.state IS NULL THEN 'only a declaration that is clawed back has one'
                    WHEN s.id IS NULL THEN 'there is no statement ' || i.statement_id
                    WHEN s.lead_provider_id <> i.lead_provider_id THEN 'is a statement of another lead provider' END
           )) p (problem)
     WHERE i.is_named AND i.statement_id IS NOT NULL AND p.problem IS NOT NULL
       AND NOT EXISTS (SELECT FROM import_rows r WHERE r.is_refused AND r.target = 'statements'
                          AND r.id = i.statement_id::text)
     ORDER BY i.line LIMIT 101;
    DELETE FROM import_items i USING import_problems p WHERE p.line = i.line;
END
$$;

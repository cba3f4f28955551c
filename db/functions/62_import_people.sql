-- Records that share rows of the people tables, before they are merged.

-- API writes take their turn with the jobs that close statements, then lock a person, then write what belongs to
-- it; so does an import, or they could wait for each other.
CREATE OR REPLACE FUNCTION import_lock_people() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM share_statements(id) FROM lead_providers ORDER BY id;
    PERFORM lock_participants(ARRAY(
        WITH named AS (
            SELECT r.target, r.id, (r.doc ->> 'training_record_id')::uuid AS training_record_id,
                   (r.doc ->> 'participant_id')::uuid AS participant_id
              FROM import_rows r
             WHERE r.target IN ('users', 'participants', 'induction_tutors', 'training_records', 'induction_records',
                                'training_states', 'declarations', 'participant_id_changes')
        ), records AS (
            SELECT n.training_record_id AS id FROM named n WHERE n.training_record_id IS NOT NULL
            UNION SELECT n.id::uuid FROM named n WHERE n.target = 'training_records'
            UNION SELECT ir.training_record_id FROM named n JOIN induction_records ir ON ir.id = n.id::uuid
                   WHERE n.target = 'induction_records'
            UNION SELECT d.training_record_id FROM named n JOIN declarations d ON d.id = n.id::uuid
                   WHERE n.target = 'declarations'
        )
        SELECT n.id::uuid FROM named n WHERE n.target IN ('users', 'participants', 'induction_tutors')
        UNION SELECT n.participant_id FROM named n WHERE n.participant_id IS NOT NULL
        UNION SELECT tr.participant_id FROM records JOIN training_records tr USING (id)));
END
$$;

-- Who is both participant and tutor stands in users once. Both records may say so, but not differently; the
-- participant's created_at counts, since it is what clients see.
CREATE OR REPLACE FUNCTION import_share_users() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    CREATE TEMPORARY TABLE import_shared ON COMMIT DROP AS
    SELECT r.line, r.type, r.id, r.doc,
           row_number() OVER (PARTITION BY r.id
                              ORDER BY array_position('{participant,user,induction_tutor}', r.type)) AS rank
      FROM import_rows r
     WHERE r.target = 'users'
       AND r.id IN (SELECT u.id FROM import_rows u WHERE u.target = 'users'
                     GROUP BY u.id HAVING count(*) > 1);
    INSERT INTO import_problems
    SELECT later.line, later.type, later.id, name, 'differs from line ' || earlier.line
      FROM import_shared earlier
      JOIN import_shared later ON later.id = earlier.id AND later.line > earlier.line
     CROSS JOIN unnest('{full_name,email,signed_in_at}'::text[]) name
     WHERE earlier.doc -> name <> later.doc -> name
     LIMIT 101;
    UPDATE import_rows r
       SET doc = (SELECT jsonb_object_agg(m.key, m.value ORDER BY s.rank DESC)
                    FROM import_shared s CROSS JOIN jsonb_each(s.doc) m WHERE s.id = r.id)
      FROM import_shared first
     WHERE r.target = 'users' AND r.line = first.line AND r.id = first.id AND first.rank = 1;
    DELETE FROM import_rows r USING import_shared s
     WHERE r.target = 'users' AND r.line = s.line AND r.id = s.id AND s.rank > 1;
    DROP TABLE import_shared;
    UPDATE import_rows r SET doc = r.doc - 'created_at'
     WHERE r.target = 'users' AND r.type = 'induction_tutor' AND r.doc ? 'created_at'
       AND EXISTS (SELECT FROM participants p WHERE p.user_id = r.id::uuid);
END
$$;

-- The list of a tutor's schools, as rows to be there and rows to go.
CREATE OR REPLACE FUNCTION import_tutor_schools() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    WITH lists AS (
        SELECT r.line, r.type, r.id, r.doc -> 'school_ids' AS school_ids
          FROM import_rows r WHERE r.target = 'tutor_school_lists'
        UNION ALL
        SELECT r.line, r.type, r.id, '[]' FROM import_rows r WHERE r.target = 'induction_tutors' AND r.is_deletion
    )
    INSERT INTO import_rows (line, type, id, target, is_deletion, doc)
    SELECT DISTINCT l.line, l.type, l.id, 'induction_tutor_schools', false,
           jsonb_build_object('user_id', l.id, 'school_id', s)
      FROM lists l CROSS JOIN jsonb_array_elements_text(l.school_ids) s
    UNION ALL
    SELECT l.line, l.type, l.id, 'induction_tutor_schools', true, to_jsonb(t)
      FROM lists l
      JOIN induction_tutor_schools t ON t.user_id = l.id::uuid
     WHERE NOT l.school_ids ? t.school_id::text;
END
$$;

-- With a participant go its identities; and its user goes with the last of its roles.
CREATE OR REPLACE FUNCTION import_delete_people() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    WITH leaving AS (
        SELECT r.line, r.type, r.id, r.id::uuid AS user_id, r.target
          FROM import_rows r WHERE r.is_deletion AND r.target IN ('participants', 'induction_tutors')
    ), last_roles AS (
        SELECT DISTINCT ON (l.user_id) l.*
          FROM leaving l
         WHERE NOT EXISTS (SELECT FROM participants p WHERE p.user_id = l.user_id
                              AND NOT EXISTS (SELECT FROM leaving o WHERE o.user_id = l.user_id
                                                 AND o.target = 'participants'))
           AND NOT EXISTS (SELECT FROM induction_tutors t WHERE t.user_id = l.user_id
                              AND NOT EXISTS (SELECT FROM leaving o WHERE o.user_id = l.user_id
                                                 AND o.target = 'induction_tutors'))
           AND NOT EXISTS (SELECT FROM import_rows r WHERE r.target = 'users' AND r.id = l.id)
         ORDER BY l.user_id, l.line
    )
    INSERT INTO import_rows (line, type, id, target, is_deletion, doc)
    SELECT l.line, l.type, l.id, 'identities', true, jsonb_build_object('id', i.id)
      FROM leaving l
      JOIN identities i ON i.user_id = l.user_id
     WHERE l.target = 'participants'
    UNION ALL
    SELECT l.line, l.type, l.id, 'users', true, jsonb_build_object('id', l.user_id) FROM last_roles l;
END
$$;

-- With a training record go the schedules it was on, which are no records of their own.
CREATE OR REPLACE FUNCTION import_delete_history() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM schedule_changes c
     USING import_rows r
     WHERE r.target = 'training_records' AND r.is_deletion AND c.training_record_id = r.id::uuid;
END
$$;

CREATE OR REPLACE FUNCTION import_prepare() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM import_check_duplicates();
    PERFORM import_lock_people();
    PERFORM import_share_users();
    PERFORM import_tutor_schools();
    PERFORM import_delete_people();
    PERFORM import_delete_history();
END
$$;

-- A new participant for whom no identities were sent has one.
CREATE OR REPLACE FUNCTION import_default_identities() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO import_rows (line, type, id, target, is_deletion, doc)
    SELECT m.line, m.record_type, m.record_id, 'identities', false,
           jsonb_strip_nulls(jsonb_build_object(
               'id', u.id, 'user_id', u.id, 'external_identifier', u.id, 'email', u.email,
               'created_at', r.doc -> 'created_at', 'updated_at', r.doc -> 'updated_at'))
      FROM merged_participants m
      JOIN import_rows own ON own.target = 'participants' AND own.line = m.line AND NOT own.doc ? 'has_identities'
      JOIN users u ON u.id = (m.new).user_id
      LEFT JOIN import_rows r ON r.target = 'users' AND r.id = m.record_id
     WHERE m.action = 'insert';
END
$$;

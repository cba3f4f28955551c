-- Induction tutors with their schools, as records.
SELECT 'induction_tutor' AS type, u.id, u.full_name, u.email,
       to_json(ARRAY(SELECT s.school_id FROM induction_tutor_schools s
                      WHERE s.user_id = u.id AND export_wants('school', s.school_id)
                      ORDER BY s.school_id)) AS school_ids,
       export_instant(u.signed_in_at) AS signed_in_at,
       export_instant(t.created_at) AS created_at, export_instant(u.updated_at) AS updated_at
  FROM induction_tutors t
  JOIN users u ON u.id = t.user_id
 WHERE export_wants('everything', NULL)
    OR EXISTS (SELECT FROM induction_tutor_schools s WHERE s.user_id = u.id AND export_wants('school', s.school_id))
 ORDER BY u.id;

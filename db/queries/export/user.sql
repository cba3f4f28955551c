-- People who are neither participants nor tutors, as records.
SELECT 'user' AS type, u.id, u.full_name, u.email, export_instant(u.signed_in_at) AS signed_in_at,
       export_instant(u.created_at) AS created_at, export_instant(u.updated_at) AS updated_at
  FROM users u
 WHERE export_wants('participant', u.id)
   AND NOT EXISTS (SELECT FROM participants p WHERE p.user_id = u.id)
   AND NOT EXISTS (SELECT FROM induction_tutors t WHERE t.user_id = u.id)
 ORDER BY u.id;

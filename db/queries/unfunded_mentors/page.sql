-- One page of the mentors of a lead provider's participants who are not themselves its participants.
-- $1 lead provider, $2 since or NULL, $3 $4 $5 sort keys or NULL, $6 limit, $7 offset
WITH mentor AS (
    SELECT DISTINCT ON (u.id) u.id AS user_id, u.full_name, u.email, u.created_at, u.updated_at, pa.trn,
           tr.validation_trn, tr.id AS training_record_id
      FROM unfunded_mentors_of($1) unfunded
     CROSS JOIN LATERAL (SELECT * FROM training_records -- OFFSET 0: one index look-up a row, in every plan
                          WHERE id = unfunded.training_record_id AND kind = 'mentor' OFFSET 0) tr
      JOIN participants pa ON pa.user_id = tr.participant_id
      JOIN users u ON u.id = tr.participant_id
     WHERE ($2::timestamptz IS NULL OR u.updated_at >= $2)
     ORDER BY u.id, tr.created_at, tr.id
), m AS (
    SELECT mentor.*, row_number() OVER (
        ORDER BY sort_up($3, mentor.created_at, mentor.updated_at), sort_down($3, mentor.created_at, mentor.updated_at) DESC,
          sort_text_up($3, '{full_name,email,id}', ARRAY[mentor.full_name, mentor.email, mentor.user_id::text]),
          sort_text_down($3, '{full_name,email,id}', ARRAY[mentor.full_name, mentor.email, mentor.user_id::text]) DESC,
          sort_up($4, mentor.created_at, mentor.updated_at), sort_down($4, mentor.created_at, mentor.updated_at) DESC,
          sort_text_up($4, '{full_name,email,id}', ARRAY[mentor.full_name, mentor.email, mentor.user_id::text]),
          sort_text_down($4, '{full_name,email,id}', ARRAY[mentor.full_name, mentor.email, mentor.user_id::text]) DESC,
          sort_up($5, mentor.created_at, mentor.updated_at), sort_down($5, mentor.created_at, mentor.updated_at) DESC,
          sort_text_up($5, '{full_name,email,id}', ARRAY[mentor.full_name, mentor.email, mentor.user_id::text]),
          sort_text_down($5, '{full_name,email,id}', ARRAY[mentor.full_name, mentor.email, mentor.user_id::text]) DESC,
          CASE WHEN $3 IS NULL THEN mentor.created_at END, mentor.user_id) AS place
      FROM mentor
     ORDER BY place LIMIT $6 OFFSET $7
)
SELECT m.user_id, m.full_name,
       coalesce((SELECT nullif(btrim(i.email), '') FROM identities i WHERE i.id = newest.preferred_identity_id), m.email),
       coalesce(nullif(btrim(m.trn), ''), m.validation_trn), m.created_at, m.updated_at
  FROM m
  LEFT JOIN LATERAL (
           SELECT ir.preferred_identity_id FROM induction_records ir
            WHERE ir.training_record_id = m.training_record_id
            ORDER BY ir.end_date IS NOT NULL, ir.start_date DESC, ir.end_date DESC, ir.created_at DESC, ir.id
            LIMIT 1) newest ON true
 ORDER BY m.place;

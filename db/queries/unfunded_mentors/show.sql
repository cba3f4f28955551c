-- One such mentor. $1 lead provider, $2 user, $3 since or NULL
WITH m AS (
    SELECT DISTINCT ON (u.id) u.id AS user_id, u.full_name, u.email, u.created_at, u.updated_at, pa.trn,
           tr.validation_trn, tr.id AS training_record_id
      FROM unfunded_mentors_of($1) unfunded
     CROSS JOIN LATERAL (SELECT * FROM training_records -- OFFSET 0: one index look-up a row, in every plan
                          WHERE id = unfunded.training_record_id AND kind = 'mentor' OFFSET 0) tr
      JOIN participants pa ON pa.user_id = tr.participant_id
      JOIN users u ON u.id = tr.participant_id
     WHERE tr.participant_id = $2 AND ($3::timestamptz IS NULL OR u.updated_at >= $3)
     ORDER BY u.id, tr.created_at, tr.id
)
SELECT m.user_id, m.full_name,
       coalesce((SELECT nullif(btrim(i.email), '') FROM identities i WHERE i.id = newest.preferred_identity_id), m.email),
       coalesce(nullif(btrim(m.trn), ''), m.validation_trn), m.created_at, m.updated_at
  FROM m
  LEFT JOIN LATERAL (
           SELECT ir.preferred_identity_id FROM induction_records ir
            WHERE ir.training_record_id = m.training_record_id
            ORDER BY ir.end_date IS NOT NULL, ir.start_date DESC, ir.end_date DESC, ir.created_at DESC, ir.id
            LIMIT 1) newest ON true;

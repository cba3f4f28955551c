-- Early roll-out mentors, as records.
SELECT 'early_roll_out_mentor' AS type, m.trn,
       export_instant(m.created_at) AS created_at, export_instant(m.updated_at) AS updated_at
  FROM early_roll_out_mentors m
 WHERE export_wants('everything', NULL)
    OR EXISTS (SELECT FROM participants p WHERE p.trn = m.trn AND export_wants('participant', p.user_id))
 ORDER BY m.trn;

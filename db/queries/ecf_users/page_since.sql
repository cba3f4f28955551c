-- One page of those who train or have trained and whose account, training record or induction record changed. A change
-- of another record of theirs does not count, so that the one shown is looked at for each whom anything of changed.
-- $1 since, $2 limit, $3 offset
WITH changed AS MATERIALIZED (
    SELECT id FROM users WHERE updated_at > $1
    UNION
    SELECT participant_id FROM training_records WHERE updated_at > $1
    UNION
    SELECT tr.participant_id
      FROM induction_records ir JOIN training_records tr ON tr.id = ir.training_record_id
     WHERE ir.updated_at > $1
)
SELECT e.id, e.email, e.full_name, e.kind, e.is_gone, e.materials, e.programme_choice, e.is_registered, e.cohort
  FROM changed
  JOIN users u ON u.id = changed.id
 CROSS JOIN LATERAL ecf_user(u.id) e
 WHERE e.updated_at > $1
 ORDER BY u.created_at, u.id
 LIMIT $2 OFFSET $3;

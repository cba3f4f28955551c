-- One page of those who train or have trained and whose account, training record or induction record changed: the one
-- that is shown, so that of each person of whom anything changed it is looked at, until the page is full.
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
  FROM (SELECT u.id, u.created_at FROM users u WHERE u.id IN (SELECT id FROM changed)
         ORDER BY u.created_at, u.id OFFSET 0) person
 CROSS JOIN LATERAL ecf_user(person.id) e
 WHERE e.updated_at > $1
 ORDER BY person.created_at, person.id
 LIMIT $2 OFFSET $3;

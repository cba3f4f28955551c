-- One page of everybody who trains or has trained. $1 limit, $2 offset
WITH page AS MATERIALIZED (
    SELECT u.id, u.created_at FROM users u
     WHERE (SELECT true -- asked of each in turn, so that a page stops where it is full
              FROM training_records tr JOIN induction_records ir ON ir.training_record_id = tr.id
             WHERE tr.participant_id = u.id LIMIT 1)
     ORDER BY u.created_at, u.id
     LIMIT $1 OFFSET $2
)
SELECT e.id, e.email, e.full_name, e.kind, e.is_gone, e.materials, e.programme_choice, e.is_registered, e.cohort
  FROM page CROSS JOIN LATERAL ecf_user(page.id) e
 ORDER BY page.created_at, page.id;

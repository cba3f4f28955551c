-- Those who train or have trained and prefer an address. $1 address, $2 since or NULL, $3 limit, $4 offset
WITH named AS MATERIALIZED (
    SELECT DISTINCT tr.participant_id AS id
      FROM identities i
      JOIN induction_records ir ON ir.preferred_identity_id = i.id
      JOIN training_records tr ON tr.id = ir.training_record_id
     WHERE lower(i.email) = lower($1)
)
SELECT e.id, e.email, e.full_name, e.kind, e.is_gone, e.materials, e.programme_choice, e.is_registered, e.cohort
  FROM named
  JOIN users u ON u.id = named.id
 CROSS JOIN LATERAL ecf_user(u.id) e
 WHERE lower(e.preferred_email) = lower($1) AND ($2::timestamptz IS NULL OR e.updated_at > $2)
 ORDER BY u.created_at, u.id
 LIMIT $3 OFFSET $4;

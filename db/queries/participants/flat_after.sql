-- The next training records behind a place in the list. $1 lead provider, $2 cohorts or NULL,
-- $3 when the person was created, $4 induction record, $5 limit
SELECT e.shown, e.validation_trn, e.record_updated_at, e.induction_record_id, e.participant_created_at, e.participant_updated_at
  FROM (SELECT * FROM flat_enrolments($1, $2::smallint[])
         WHERE (participant_created_at, induction_record_id) > ($3::timestamptz, $4::uuid)
         ORDER BY participant_created_at, induction_record_id
         LIMIT $5) e
 ORDER BY e.participant_created_at, e.induction_record_id;

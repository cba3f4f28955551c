-- The next training records that changed, behind a place in the list.
-- $1 lead provider, $2 cohorts or NULL, $3 since, $4 when the person changed, $5 induction record, $6 limit
SELECT e.shown, e.validation_trn, e.record_updated_at, e.induction_record_id, e.participant_created_at, e.participant_updated_at
  FROM (SELECT * FROM flat_enrolments($1, $2::smallint[])
         WHERE participant_updated_at >= $3 AND (participant_updated_at, induction_record_id) > ($4::timestamptz, $5::uuid)
         ORDER BY participant_updated_at, induction_record_id
         LIMIT $6) e
 ORDER BY e.participant_updated_at, e.induction_record_id;

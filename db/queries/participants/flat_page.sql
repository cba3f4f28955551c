-- One page of the training records that a lead provider sees.
-- $1 lead provider, $2 cohorts or NULL, $3 limit, $4 offset
SELECT e.shown, e.validation_trn, e.record_updated_at, e.induction_record_id, e.participant_created_at, e.participant_updated_at
  FROM (SELECT * FROM flat_enrolments($1, $2::smallint[])
         ORDER BY participant_created_at, induction_record_id
         LIMIT $3 OFFSET $4) e
 ORDER BY e.participant_created_at, e.induction_record_id;

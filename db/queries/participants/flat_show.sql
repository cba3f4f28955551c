-- One participant's training record, an ECT's before a mentor's.
-- $1 lead provider, $2 participant, $3 cohorts or NULL, $4 since or NULL
SELECT e.shown, e.validation_trn, e.record_updated_at, e.induction_record_id, e.participant_created_at, e.participant_updated_at
  FROM flat_enrolments($1, $3::smallint[]) e
 WHERE e.participant_id = $2 AND ($4::timestamptz IS NULL OR e.participant_updated_at >= $4)
 ORDER BY e.kind, e.training_record_created_at, e.training_record_id
 LIMIT 1;

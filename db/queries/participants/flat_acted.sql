-- A training record as the answer of an action, also when the partnership is challenged.
-- $1 lead provider, $2 participant, $3 training record
SELECT e.shown, e.validation_trn, e.record_updated_at, e.induction_record_id, e.participant_created_at, e.participant_updated_at
  FROM enrolments_of(ARRAY[$2::uuid], true) e
 WHERE e.lead_provider_id = $1 AND e.training_record_id = $3 AND e.is_latest;

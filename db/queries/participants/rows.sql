-- What a lead provider sees of these participants; a row an enrolment. $1 lead provider, $2 participants
SELECT e.shown
  FROM provider_enrolments e
 WHERE e.lead_provider_id = $1 AND e.participant_id = ANY ($2::uuid[]) AND e.is_latest
 ORDER BY e.first_trained_at, e.participant_id, e.training_record_created_at, e.training_record_id;

-- One participant as the answer of an action: with the enrolments that the provider sees, or without any.
-- $1 lead provider, $2 participant
SELECT coalesce(e.shown, shown_enrolment(jsonb_populate_record(NULL::provider_enrolments, jsonb_build_object(
           'participant_id', u.id, 'full_name', u.full_name, 'trn', pa.trn, 'shown_updated_at', u.updated_at,
           'has_id_changes', EXISTS (SELECT FROM participant_id_changes c WHERE c.participant_id = u.id)))))
  FROM users u
  JOIN participants pa ON pa.user_id = u.id
  LEFT JOIN provider_enrolments e ON e.lead_provider_id = $1 AND e.participant_id = u.id AND e.is_latest
 WHERE u.id = $2
 ORDER BY e.training_record_created_at, e.training_record_id;

-- One participant as the answer of an action: with the enrolments that the provider sees, or without any.
-- $1 lead provider, $2 participant
SELECT u.id, u.full_name, pa.trn, coalesce(e.shown_updated_at, u.updated_at),
       coalesce(e.has_id_changes, EXISTS (SELECT FROM participant_id_changes c WHERE c.participant_id = u.id)),
       e.training_record_id, e.email, e.mentor_id, e.school_urn, e.kind, e.cohort, e.training_status,
       e.induction_status, e.start_date, e.end_date, e.is_trn_validated, e.is_eligible_for_funding,
       e.pupil_premium_uplift, e.sparsity_uplift, e.schedule_identifier, e.delivery_partner_id, e.state_reason, e.state_at,
       e.training_record_created_at, e.induction_completion_date, e.mentor_completion_date,
       e.cohort_changed_after_payments_frozen, e.mentor_completion_reason
  FROM users u
  JOIN participants pa ON pa.user_id = u.id
  LEFT JOIN provider_enrolments e ON e.lead_provider_id = $1 AND e.participant_id = u.id AND e.is_latest
 WHERE u.id = $2
 ORDER BY e.training_record_created_at, e.training_record_id;

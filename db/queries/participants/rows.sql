-- What a lead provider sees of these participants; a row an enrolment. $1 lead provider, $2 participants
SELECT e.participant_id, e.full_name, e.trn, e.shown_updated_at, e.has_id_changes, e.training_record_id, e.email, e.mentor_id,
       e.school_urn, e.kind, e.cohort, e.training_status, e.induction_status, e.start_date, e.end_date,
       e.is_trn_validated, e.is_eligible_for_funding, e.pupil_premium_uplift, e.sparsity_uplift, e.schedule_identifier,
       e.delivery_partner_id, e.state_reason, e.state_at, e.training_record_created_at, e.induction_completion_date,
       e.mentor_completion_date, e.cohort_changed_after_payments_frozen, e.mentor_completion_reason
  FROM provider_enrolments e
 WHERE e.lead_provider_id = $1 AND e.participant_id = ANY ($2::uuid[]) AND e.is_latest
 ORDER BY e.first_trained_at, e.participant_id, e.training_record_created_at, e.training_record_id;

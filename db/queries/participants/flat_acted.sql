-- A training record as the answer of an action, also when the partnership is challenged.
-- $1 lead provider, $2 participant, $3 training record
SELECT e.participant_id, e.full_name, e.trn, e.shown_updated_at, e.has_id_changes, e.training_record_id, e.email, e.mentor_id,
       e.school_urn, e.kind, e.cohort, e.training_status, e.induction_status, e.start_date, e.end_date,
       e.is_trn_validated, e.is_eligible_for_funding, e.pupil_premium_uplift, e.sparsity_uplift, e.schedule_identifier,
       e.delivery_partner_id, e.state_reason, e.state_at, e.training_record_created_at, e.induction_completion_date,
       e.mentor_completion_date, e.cohort_changed_after_payments_frozen, e.mentor_completion_reason,
       e.validation_trn, e.record_updated_at, e.induction_record_id, e.participant_created_at, e.participant_updated_at
  FROM enrolments_of(ARRAY[$2::uuid], true) e
 WHERE e.lead_provider_id = $1 AND e.training_record_id = $3 AND e.is_latest;

-- One page of the training records that a lead provider sees.
-- $1 lead provider, $2 cohorts or NULL, $3 limit, $4 offset
SELECT e.participant_id, e.full_name, e.trn, e.shown_updated_at, e.has_id_changes, e.training_record_id, e.email, e.mentor_id,
       e.school_urn, e.kind, e.cohort, e.training_status, e.induction_status, e.start_date, e.end_date,
       e.is_trn_validated, e.is_eligible_for_funding, e.pupil_premium_uplift, e.sparsity_uplift, e.schedule_identifier,
       e.delivery_partner_id, e.state_reason, e.state_at, e.training_record_created_at, e.induction_completion_date,
       e.mentor_completion_date, e.cohort_changed_after_payments_frozen, e.mentor_completion_reason,
       e.validation_trn, e.record_updated_at, e.induction_record_id, e.participant_created_at, e.participant_updated_at
  FROM (SELECT * FROM flat_enrolments($1, $2::smallint[])
         ORDER BY participant_created_at, induction_record_id
         LIMIT $3 OFFSET $4) e
 ORDER BY e.participant_created_at, e.induction_record_id;

-- Training records, as records.
SELECT 'training_record' AS type, tr.id, tr.participant_id, tr.kind, tr.identity_id, tr.school_id, tr.cohort,
       export_schedule(tr.schedule_cohort, tr.schedule_identifier) AS schedule, tr.status, tr.training_status,
       tr.sparsity_uplift, tr.pupil_premium_uplift, tr.induction_start_date, tr.induction_completion_date,
       tr.mentor_completion_date, tr.mentor_completion_reason, tr.cohort_changed_after_payments_frozen,
       CASE WHEN tr.eligibility_status IS NOT NULL THEN (
           SELECT row_to_json(e) FROM (SELECT tr.eligibility_status AS status, tr.eligibility_reason AS reason) e
       ) END AS eligibility,
       CASE WHEN tr.is_validated THEN (
           SELECT row_to_json(v) FROM (SELECT tr.validation_trn AS trn, tr.validation_full_name AS full_name,
                                              tr.validation_date_of_birth AS date_of_birth) v
       ) END AS validation,
       export_instant(tr.created_at) AS created_at, export_instant(tr.updated_at) AS updated_at
  FROM training_records tr
 WHERE export_wants('participant', tr.participant_id)
 ORDER BY tr.id;

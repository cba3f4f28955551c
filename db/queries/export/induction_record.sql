-- Induction records, as records.
SELECT 'induction_record' AS type, ir.id, ir.training_record_id, ir.programme_id,
       export_schedule(ir.schedule_cohort, ir.schedule_identifier) AS schedule,
       export_instant(ir.start_date) AS start_date, export_instant(ir.end_date) AS end_date, ir.training_status,
       ir.induction_status, ir.school_transfer, ir.mentor_training_record_id, ir.preferred_identity_id,
       export_instant(ir.created_at) AS created_at, export_instant(ir.updated_at) AS updated_at
  FROM induction_records ir
  JOIN training_records tr ON tr.id = ir.training_record_id
 WHERE export_wants('participant', tr.participant_id)
 ORDER BY ir.id;

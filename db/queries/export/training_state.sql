-- What lead providers said of training records, as records.
SELECT 'training_state' AS type, ts.training_record_id, ts.lead_provider_id,
       export_instant(ts.created_at) AS created_at, ts.state, ts.reason,
       export_instant(ts.updated_at) AS updated_at
  FROM training_states ts
  JOIN training_records tr ON tr.id = ts.training_record_id
 WHERE export_wants('participant', tr.participant_id)
 ORDER BY ts.training_record_id, ts.created_at, ts.lead_provider_id;

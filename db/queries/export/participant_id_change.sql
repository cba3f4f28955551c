-- Ids that merges have replaced, as records.
SELECT 'participant_id_change' AS type, c.participant_id, c.from_participant_id, c.to_participant_id,
       export_instant(c.created_at) AS created_at, export_instant(c.updated_at) AS updated_at
  FROM participant_id_changes c
 WHERE export_wants('participant', c.participant_id)
 ORDER BY c.participant_id, c.from_participant_id, c.to_participant_id;

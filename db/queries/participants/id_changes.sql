-- By which ids these participants were known, newest change first. $1 participants
SELECT participant_id, from_participant_id, to_participant_id, created_at
  FROM participant_id_changes
 WHERE participant_id = ANY ($1::uuid[])
 ORDER BY participant_id, created_at DESC, from_participant_id;

-- Locks the participant of a declaration. $1 declaration
SELECT u.id FROM users u JOIN declarations d ON d.participant_id = u.id WHERE d.id = $1 FOR NO KEY UPDATE OF u;

-- Which record is this the id of? $1 id
SELECT 'participant' AS kind, user_id AS id, false AS is_retired FROM participants WHERE user_id = $1
 UNION ALL SELECT 'participant', user_id, true FROM identities WHERE external_identifier = $1 AND user_id <> $1
 UNION ALL SELECT 'training record', id, false FROM training_records WHERE id = $1
 UNION ALL SELECT 'declaration', id, false FROM declarations WHERE id = $1
 UNION ALL SELECT 'partnership', id, false FROM partnerships WHERE id = $1
 UNION ALL SELECT 'school', id, false FROM schools WHERE id = $1
 UNION ALL SELECT 'statement', id, false FROM statements WHERE id = $1
 UNION ALL SELECT 'delivery partner', id, false FROM delivery_partners WHERE id = $1
 LIMIT 1;

-- The next participants to look at. $1 the last one looked at or NULL, $2 how many
SELECT user_id FROM participants
 WHERE $1::uuid IS NULL OR user_id > $1::uuid
 ORDER BY user_id
 LIMIT $2;

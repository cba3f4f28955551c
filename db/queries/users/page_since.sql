-- One page of the users that changed after an instant. $1 since, $2 limit, $3 offset
SELECT id, email, full_name FROM users WHERE updated_at > $1 ORDER BY updated_at, id LIMIT $2 OFFSET $3;

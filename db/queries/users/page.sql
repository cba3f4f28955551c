-- One page of everybody known to the programme. $1 limit, $2 offset
SELECT id, email, full_name FROM users ORDER BY created_at, id LIMIT $1 OFFSET $2;

-- The users with an address, their own or one under which they train. $1 address, $2 since or NULL, $3 limit, $4 offset
SELECT u.id, u.email, u.full_name
  FROM users u
 WHERE u.id IN (SELECT id FROM users WHERE lower(email) = lower($1)
                UNION SELECT user_id FROM identities WHERE lower(email) = lower($1))
   AND ($2::timestamptz IS NULL OR u.updated_at > $2)
 ORDER BY CASE WHEN $2 IS NULL THEN u.created_at ELSE u.updated_at END, u.id
 LIMIT $3 OFFSET $4;

-- A token gives way to its successor. $1 token, $2 successor, $3 the instant until which the old one goes on at most
UPDATE api_tokens SET successor_id = $2, expires_at = least(expires_at, $3::timestamptz)
 WHERE id = $1;

-- Ends a token; no instance remembers one for longer than a second. $1 its id as text, $2 digest of the clear token
UPDATE api_tokens SET revoked_at = now()
 WHERE (id::text = lower($1::text) OR digest = $2) AND revoked_at IS NULL
RETURNING id;

-- Ends a token, here and (by notification) in every instance. $1 its id as text, $2 digest of the clear token
WITH revoked AS (
    UPDATE api_tokens SET revoked_at = now()
     WHERE (id::text = lower($1::text) OR digest = $2) AND revoked_at IS NULL
    RETURNING digest
)
SELECT pg_notify('token_revoked', encode(digest, 'hex')) FROM revoked;

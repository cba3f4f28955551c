-- A valid token that shall be replaced, until the transaction ends. $1 its id as text, $2 digest of the clear token
SELECT t.id, t.kind, t.lead_provider_id, t.private_api_access, t.scope, t.is_signed,
       (extract(epoch FROM t.expires_at - t.created_at) * 1000000)::bigint, t.successor_id::text
  FROM api_tokens t
 WHERE (t.id::text = lower($1::text) OR t.digest = $2)
   AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > now())
   FOR UPDATE;

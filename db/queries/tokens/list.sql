-- All tokens, newest last.
SELECT t.id::text, t.hint, t.kind, lp.name, t.private_api_access,
       to_char(t.created_at, 'YYYY-MM-DD'), to_char(t.last_used_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
       CASE WHEN t.revoked_at IS NOT NULL THEN 'revoked'
            WHEN t.expires_at <= now() THEN 'expired'
            WHEN t.successor_id IS NOT NULL THEN 'replaced' ELSE 'valid' END,
       CASE WHEN t.is_signed THEN 'signed' ELSE 'opaque' END, t.scope,
       to_char(t.expires_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), t.successor_id::text
  FROM api_tokens t LEFT JOIN lead_providers lp ON lp.id = t.lead_provider_id
 ORDER BY t.created_at, t.id;

-- A new token. $1 id, $2 kind, $3 lead provider or NULL, $4 digest, $5 hint, $6 private API access, $7 end or NULL,
-- $8 scope, $9 is it signed?
INSERT INTO api_tokens (id, kind, lead_provider_id, digest, hint, private_api_access, expires_at, scope, is_signed)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

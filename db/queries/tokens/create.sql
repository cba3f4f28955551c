-- A new token. $1 kind, $2 lead provider or NULL, $3 digest, $4 hint, $5 private API access, $6 days to live or NULL
INSERT INTO api_tokens (kind, lead_provider_id, digest, hint, private_api_access, expires_at)
VALUES ($1, $2, $3, $4, $5, now() + make_interval(days => $6::int))
RETURNING id;

-- A user who is nothing else yet; no row if somebody else has taken the address meanwhile.
-- $1 full name, $2 address, $3 the request's clock
INSERT INTO users (full_name, email, created_at, updated_at) VALUES ($1, $2, $3, change_instant())
ON CONFLICT DO NOTHING
RETURNING id, email, full_name;

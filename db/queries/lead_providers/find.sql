-- Which lead provider does an operator mean? Two rows: the name is not enough.
-- $1 id, or name in any case
SELECT id FROM lead_providers
 WHERE id::text = lower($1) OR lower($1) IN (lower(name), lower(cpd_name))
 ORDER BY id
 LIMIT 2;

-- Which lead provider is meant? $1 name or id
SELECT id, name FROM lead_providers
 WHERE name = $1::text OR cpd_name = $1::text OR id::text = lower($1::text)
 ORDER BY name = $1::text DESC, ecf DESC, id LIMIT 1;

-- As page.sql, for a page far behind the first: rows that are skipped are skipped in the index alone.
-- $1 lead provider, $2 cohorts or NULL, $3 limit, $4 offset
-- $5 also what version 3 alone shows?
WITH page AS MATERIALIZED (
    SELECT created_at, declaration_id FROM provider_declarations
     WHERE lead_provider_id = $1 AND (in_v1 OR $5) AND ($2::smallint[] IS NULL OR cohort = ANY ($2))
     ORDER BY created_at, declaration_id
     LIMIT $3 OFFSET $4
), first AS (
    SELECT * FROM page ORDER BY created_at, declaration_id LIMIT 1
), last AS (
    SELECT * FROM page ORDER BY created_at DESC, declaration_id DESC LIMIT 1
)
SELECT d.shown, lp.cpd_name
  FROM (SELECT * FROM provider_declarations -- one range of the index, not a look-up a row
         WHERE lead_provider_id = $1 AND (in_v1 OR $5) AND ($2::smallint[] IS NULL OR cohort = ANY ($2))
           AND (created_at, declaration_id) >= ((SELECT created_at FROM first), (SELECT declaration_id FROM first))
           AND (created_at, declaration_id) <= ((SELECT created_at FROM last), (SELECT declaration_id FROM last))
         ORDER BY created_at, declaration_id OFFSET 0) d
  JOIN lead_providers lp ON lp.id = d.declaring_provider_id
 ORDER BY d.created_at, d.declaration_id;

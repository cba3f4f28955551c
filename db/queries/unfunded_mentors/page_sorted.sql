-- One page of such mentors who changed, or in another order. $1 lead provider, $2 since or NULL,
-- $3 $4 $5 sort keys or NULL, $6 limit, $7 offset
WITH people AS (
    SELECT u.id, u.full_name, u.email, u.created_at, u.updated_at FROM users u
     WHERE u.id IN (SELECT participant_id FROM provider_unfunded_mentors
                     WHERE lead_provider_id = $1 AND participant_updated_at >= coalesce($2::timestamptz, '-infinity'))
), page AS MATERIALIZED (
    SELECT p.id AS participant_id, row_number() OVER (
        ORDER BY sort_up($3, p.created_at, p.updated_at), sort_down($3, p.created_at, p.updated_at) DESC,
          sort_text_up($3, '{full_name,email,id}', ARRAY[p.full_name, p.email, p.id::text]), sort_text_down($3, '{full_name,email,id}', ARRAY[p.full_name, p.email, p.id::text]) DESC,
          sort_up($4, p.created_at, p.updated_at), sort_down($4, p.created_at, p.updated_at) DESC,
          sort_text_up($4, '{full_name,email,id}', ARRAY[p.full_name, p.email, p.id::text]), sort_text_down($4, '{full_name,email,id}', ARRAY[p.full_name, p.email, p.id::text]) DESC,
          sort_up($5, p.created_at, p.updated_at), sort_down($5, p.created_at, p.updated_at) DESC,
          sort_text_up($5, '{full_name,email,id}', ARRAY[p.full_name, p.email, p.id::text]), sort_text_down($5, '{full_name,email,id}', ARRAY[p.full_name, p.email, p.id::text]) DESC,
          CASE WHEN $3 IS NULL THEN p.created_at END, p.id) AS place
      FROM people p
     ORDER BY place LIMIT $6 OFFSET $7
)
SELECT m.id, m.full_name, m.email, m.trn, m.created_at, m.updated_at
  FROM page
 CROSS JOIN LATERAL unfunded_mentor_shown($1, page.participant_id) m
 ORDER BY page.place;

-- One page of what a lead provider asked in the last seven days, the newest first. What was refused is named by its
-- titles, whichever shape the body has. $1 lead provider, $2 since or NULL, $3 status or NULL, $4 limit, $5 offset
SELECT r.id, r.created_at, r.request_method, r.request_path, r.status_code::text,
       array_to_json(CASE
           WHEN r.response_body ? 'errors'
           THEN ARRAY(SELECT t #>> '{}' FROM jsonb_path_query(r.response_body, '$.errors[*].title') t)
           ELSE array_remove(ARRAY[coalesce(r.response_body ->> 'error', r.response_body ->> 'title')], NULL)
       END)::text,
       round(r.duration_us / 1000.0, 3)::text, r.request_id
  FROM api_requests r
 WHERE r.cpd_lead_provider_id = $1 AND r.created_at > now() - interval '7 days'
   AND ($2::timestamptz IS NULL OR r.created_at >= $2)
   AND ($3::integer IS NULL OR r.status_code = $3)
 ORDER BY r.created_at DESC, r.id
 LIMIT $4 OFFSET $5;

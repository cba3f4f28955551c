-- What operators look at. $1 lead provider or NULL, $2 status or NULL, $3 since or NULL, $4 limit
SELECT to_char(r.created_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), r.status_code, r.request_method,
       regexp_replace(r.request_path, '[[:cntrl:]]', '?', 'g'), -- nothing that a terminal would obey
       round(r.duration_us / 1000.0, 1)::text, r.request_id, r.user_description
  FROM api_requests r
 WHERE ($1::uuid IS NULL OR r.cpd_lead_provider_id = $1)
   AND ($2::integer IS NULL OR r.status_code = $2)
   AND ($3::timestamptz IS NULL OR r.created_at >= $3)
 ORDER BY r.created_at DESC, r.id
 LIMIT $4;

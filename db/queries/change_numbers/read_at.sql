-- The same, and when the clock last turned the status of a participant. $1 lead provider, $2 now
SELECT coalesce(sum(number), 0)::bigint,
       (SELECT max(start_date) FROM provider_enrolments WHERE lead_provider_id = $1 AND is_latest AND start_date <= $2),
       (SELECT max(end_date) FROM provider_enrolments WHERE lead_provider_id = $1 AND is_latest AND end_date <= $2)
  FROM change_numbers
 WHERE scope = $1;

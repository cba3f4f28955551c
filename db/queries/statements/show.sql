-- One statement of a lead provider, of any cohort, with or without output fee. $1 lead provider, $2 statement
SELECT id, split_part(btrim(name), ' ', 1), substring(name FROM '[0-9]+'), cohort, deadline_date, payment_date,
       state = 'paid', created_at, updated_at
  FROM statements
 WHERE lead_provider_id = $1 AND id = $2;

-- Gives a lead provider the statements of the calendar that it does not have yet, in the state in which they would
-- stand today (contract rules.md section 6.2, "Initial load"). Those that exist are left as they are.
-- $1 lead provider, $2 cohort or NULL for all, $3 today
INSERT INTO statements (lead_provider_id, cohort, name, deadline_date, payment_date, output_fee, state)
SELECT $1, c.cohort, c.name, c.deadline_date, c.payment_date, c.output_fee,
       CASE WHEN c.payment_date < $3::date THEN 'paid'
            WHEN c.deadline_date <= $3::date THEN 'payable'
            ELSE 'open' END
  FROM statement_calendar c
 WHERE ($2::smallint IS NULL OR c.cohort = $2)
   AND NOT EXISTS (SELECT FROM statements s
                    WHERE (s.lead_provider_id, s.cohort, s.name) = ($1, c.cohort, c.name))
RETURNING id;

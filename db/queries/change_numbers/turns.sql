-- When did the clock last turn the status of one of a lead provider's participants, and when will it next; as of which
-- number of changes? $1 lead provider, $2 now
SELECT coalesce(sum(number), 0)::bigint,
       greatest((SELECT max(start_date) FROM provider_enrolments
                  WHERE lead_provider_id = $1 AND is_latest AND start_date <= $2),
                (SELECT max(end_date) FROM provider_enrolments
                  WHERE lead_provider_id = $1 AND is_latest AND end_date <= $2)),
       least((SELECT min(start_date) FROM provider_enrolments
               WHERE lead_provider_id = $1 AND is_latest AND start_date > $2),
             (SELECT min(end_date) FROM provider_enrolments
               WHERE lead_provider_id = $1 AND is_latest AND end_date > $2))
  FROM change_numbers
 WHERE scope = $1;

-- Why does a lead provider see a statement, or not (contract v3.md section 3.1)? $1 lead provider, $2 statement
SELECT l.passes, l.said
  FROM statements s
 CROSS JOIN LATERAL (VALUES
       (1, NULL::boolean, 'statement ' || s.id || ', ' || s.name || ' of cohort ' || s.cohort || ' (' || s.state || ')'),
       (2, s.lead_provider_id = $1::uuid, 'it is this lead provider''s, which therefore sees it by its id'),
       (3, s.output_fee, 'it pays output fees, so that lists show it'),
       (4, s.cohort > 2020, 'its cohort is after 2020, so that lists show it without a cohort filter')
       ) l (place, passes, said)
 WHERE s.id = $2::uuid
 ORDER BY l.place;

-- Why does a lead provider see a partnership, or not (contract v3.md section 3.4.1)? $1 lead provider, $2 partnership
SELECT l.passes, l.said
  FROM partnerships p
 CROSS JOIN LATERAL (VALUES
       (1, NULL::boolean, 'partnership ' || p.id || ', cohort ' || p.cohort),
       (2, p.lead_provider_id = $1::uuid, 'it is with this lead provider'),
       (3, NOT p.relationship, 'it was not made for somebody who moved and kept the lead provider'),
       (4, p.lead_provider_id = $1::uuid AND NOT p.relationship, 'so the lead provider sees the partnership'),
       (5, p.cohort > 2020, 'its cohort is after 2020, so that lists show it without a cohort filter'),
       (6, p.challenged_at IS NULL AND p.challenge_reason IS NULL,
           'it is not challenged (otherwise it is shown as challenged, and nobody is seen through it)')
       ) l (place, passes, said)
 WHERE p.id = $2::uuid
 ORDER BY l.place;

-- How far the next schools have come: once for each combination of induction tutor, cohort and partnership.
-- $1 the URN reached, $2 schools at most
WITH batch AS MATERIALIZED (
    SELECT s.id, s.name, s.urn FROM schools s WHERE s.urn > $1 AND is_rolled_out(s) ORDER BY s.urn LIMIT $2
)
SELECT s.id, s.name, s.urn, plain_instant(latest.sent_at), plain_instant(opened.opened_at), latest.notify_status,
       tutor.user_id IS NOT NULL, plain_instant(tutor.created_at), tutor.signed_in_at IS NOT NULL,
       sc.induction_programme_choice, plain_instant(sc.created_at), p.id IS NOT NULL, plain_instant(p.created_at),
       p.challenge_reason, plain_instant(p.challenged_at), lp.name, dp.name
  FROM batch s
  LEFT JOIN LATERAL (SELECT n.sent_at, n.notify_status FROM nomination_emails n -- one without a time counts as latest
                      WHERE n.school_id = s.id ORDER BY n.sent_at DESC, n.created_at DESC, n.id LIMIT 1) latest ON true
  LEFT JOIN LATERAL (SELECT min(n.opened_at) AS opened_at FROM nomination_emails n
                      WHERE n.school_id = s.id) opened ON true
  LEFT JOIN LATERAL (SELECT t.user_id, t.created_at, u.signed_in_at -- OFFSET 0: index look-ups, in every plan
                       FROM induction_tutor_schools place
                       JOIN induction_tutors t ON t.user_id = place.user_id
                       JOIN users u ON u.id = t.user_id
                      WHERE place.school_id = s.id OFFSET 0) tutor ON true
  LEFT JOIN LATERAL (SELECT * FROM school_cohorts c WHERE c.school_id = s.id OFFSET 0) sc ON true
  LEFT JOIN LATERAL (SELECT * FROM partnerships r WHERE r.school_id = s.id OFFSET 0) p ON true
  LEFT JOIN lead_providers lp ON lp.id = p.lead_provider_id
  LEFT JOIN delivery_partners dp ON dp.id = p.delivery_partner_id
 ORDER BY s.urn, sc.cohort, p.created_at, p.id, tutor.created_at, tutor.user_id;

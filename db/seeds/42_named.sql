-- People whom testers know by name (contract platform.md section 16.3), in the sandbox only.

CREATE TEMPORARY TABLE seed_named ON COMMIT DROP AS
WITH eligibility AS (
    SELECT programme || ' ' || kind || ' ' || what AS full_name, lower(kind) AS kind,
           CASE programme WHEN 'FIP' THEN '000005' ELSE '000004' END AS urn, 'plain' AS story, status, reason
      FROM (VALUES ('FIP'), ('CIP')) p (programme)
     CROSS JOIN (VALUES ('ECT'), ('Mentor')) k (kind)
      JOIN (VALUES ('Eligible', 'eligible', 'none', true), ('Previous Induction', 'ineligible', 'previous_induction', true),
                   ('No QTS', 'manual_check', 'no_qts', true), ('Different TRN', 'manual_check', 'different_trn', true),
                   ('Active Flags', 'manual_check', 'active_flags', true),
                   ('Previous Participation ERO', 'ineligible', 'previous_participation', false))
           e (what, status, reason, for_ects) ON for_ects OR kind = 'Mentor'
), recent AS (
    SELECT cohort FROM seed_cohorts WHERE place = greatest(1, count - 1)
), people AS (
    SELECT 1 AS part, full_name, lower(replace(full_name, ' ', '-')) || '@example.com' AS email, kind, urn,
           (SELECT cohort FROM recent) AS cohort, story, status, reason, NULL::text AS trn, NULL::text AS fate
      FROM eligibility
     UNION ALL
    SELECT 2, p.*, (SELECT cohort FROM recent), s.*
      FROM (VALUES ('VLAD IMPALOR', 'fip-ect@example.com', 'ect', '000103', 'new school', '1000864'),
                   ('Withdrawn FIP ECT', 'withdrawn-fip-ect@example.com', 'ect', '000103', 'left by school', '1000865'),
                   ('CIP ECT Email Sent', 'cip-ect-email-sent@example.com', 'ect', '000004', 'plain', NULL),
                   ('CIP ECT Email Bounced', 'cip-ect-email-bounced@example.com', 'ect', '000004', 'plain', NULL))
           v (full_name, email, kind, urn, story, trn)
     CROSS JOIN LATERAL (SELECT v.full_name, v.email, v.kind, v.urn) p
     CROSS JOIN LATERAL (SELECT v.story, 'eligible', 'none', v.trn, NULL::text) s
     UNION ALL
    SELECT 3, format('UR %s %s', year, kind), format('ur-%s-%s@example.com', year, lower(kind)), lower(kind), '801212', year,
           'plain', 'eligible', 'none', NULL, NULL
      FROM generate_series(2021, 2022) year CROSS JOIN (VALUES ('Mentor'), ('ECT')) k (kind)
     UNION ALL
    SELECT 4, format('Closing %s %s %s', year, initcap(story), initcap(replace(fate, 'kept', 'paid'))),
           format('closing-%s-%s-%s@example.com', year, replace(story, ' ', '-'), replace(replace(fate, 'kept', 'paid'), ' ', '-')), 'ect',
           (202000 + (year - 2020) * 100 + place)::text, year, story,
           CASE WHEN fate <> 'submitted' THEN 'eligible' END, CASE WHEN fate <> 'submitted' THEN 'none' END, NULL, fate
      FROM generate_series(2021, 2022) year
     CROSS JOIN (VALUES (1, 'plain'), (2, 'deferred'), (3, 'withdrawn'), (4, 'left by school')) t (place, story)
     CROSS JOIN (VALUES ('none'), ('submitted'), ('kept'), ('voided'), ('clawed back')) f (fate)
)
SELECT 20000000 + row_number() OVER (ORDER BY part, email) AS n, p.*, s.n AS school, s.provider, c.registers_at, m.start_date
  FROM people p
  JOIN seed_schools s ON s.urn = p.urn
  JOIN seed_cohorts c ON c.cohort = p.cohort
  JOIN milestones m ON (m.cohort, m.schedule_identifier, m.declaration_type) = (p.cohort, 'ecf-standard-september', 'started');

INSERT INTO seed_records (n, person, provider, school, cohort, kind, story, eligibility_status, eligibility_reason,
                          full_name, email, trn, created_at, starts_at, event_at, event_programme_id)
SELECT r.n, r.n, r.provider, r.school, r.cohort, r.kind, r.story, r.status, r.reason, r.full_name, r.email,
       coalesce(r.trn, (1001000 + r.n - 20000000)::text),
       pg_temp.within_days((r.registers_at + interval '25 days')::date, 'registered', r.n, 5), r.start_date, e.event_at,
       CASE WHEN r.story = 'new school' AND e.event_at IS NOT NULL THEN there.programme_id END
  FROM seed_named r
  LEFT JOIN seed_partnerships there ON (there.school, there.cohort, there.kind) = (
            (SELECT n FROM seed_schools WHERE urn = '000005'), r.cohort, 'main')
  LEFT JOIN LATERAL (SELECT at AS event_at FROM (SELECT r.start_date + interval '150 days 10 hours' AS at) a
                      WHERE r.story <> 'plain' AND at < pg_temp.as_of() - interval '20 days') e ON true;

INSERT INTO seed_declared (n, record, declaration_type, declared_at, created_at, fate)
SELECT n * 32 + 2, n, 'started', start_date + interval '50 days 9 hours', start_date + interval '52 days 11 hours',
       CASE WHEN fate IN ('voided', 'clawed back') THEN fate ELSE 'kept' END
  FROM seed_named
 WHERE fate <> 'none' AND start_date + interval '52 days 11 hours' < pg_temp.as_of();

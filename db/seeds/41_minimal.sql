-- The minimal profile: of each provider three mentors, three ECTs and an unfunded mentor in one school, and every
-- state of a declaration once, as far as the statements of the day allow.

CREATE TEMPORARY TABLE seed_due ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY deadline_date) AS place, deadline_date::timestamptz AS deadline,
       deadline_date >= pg_temp.as_of() AS is_open
  FROM statement_calendar
 WHERE output_fee AND cohort = current_setting('cpd.minimal_cohort')::integer;

INSERT INTO seed_records (n, person, provider, school, cohort, kind, story, eligibility_status, eligibility_reason,
                          full_name, email, trn, is_sparse, has_premium, mentor, last_mentor, twin, was_merged,
                          created_at, starts_at, event_at, event_programme_id)
SELECT r.n, r.n, CASE WHEN slot < 7 THEN s.provider END, s.n, s.home_cohort, p.kind, p.story,
       CASE WHEN slot = 6 THEN 'manual_check' ELSE 'eligible' END, CASE WHEN slot = 6 THEN 'no_qts' ELSE 'none' END,
       x.full_name, lower(replace(x.full_name, ' ', '.')) || '.' || r.n || '@example.com',
       (2000000 + CASE slot WHEN 3 THEN r.n - 2 ELSE r.n END)::text, slot IN (1, 4), slot = 4,
       CASE WHEN p.kind = 'ect' THEN s.first_person END, CASE WHEN slot = 4 THEN s.first_person + 6 END,
       CASE WHEN slot = 3 THEN s.first_person END, slot = 3,
       pg_temp.within_days((c.registers_at + interval '40 days')::date, 'registered', r.n, 10), m.start_date,
       CASE WHEN p.story IN ('deferred', 'withdrawn', 'new provider')
            THEN (SELECT deadline FROM seed_due WHERE place = 2) + slot * interval '3 days 10 hours' END,
       CASE WHEN p.story = 'new provider' THEN there.programme_id END
  FROM seed_schools s
  JOIN seed_cohorts c ON c.cohort = s.home_cohort
  JOIN milestones m ON (m.cohort, m.schedule_identifier, m.declaration_type)
                     = (s.home_cohort, 'ecf-standard-september', 'started')
 CROSS JOIN (VALUES (1, 'mentor', 'plain'), (2, 'mentor', 'deferred'), (3, 'mentor', 'twin'), (4, 'ect', 'plain'),
                    (5, 'ect', 'new provider'), (6, 'ect', 'withdrawn'), (7, 'mentor', 'unfunded')) p (slot, kind, story)
 CROSS JOIN LATERAL (SELECT s.first_person + slot - 1 AS n) r
 CROSS JOIN LATERAL (SELECT pg_temp.person_name(r.n) AS full_name) x
  LEFT JOIN seed_ring ring ON ring.place = s.provider
  LEFT JOIN seed_schools next_school ON next_school.provider = ring.next_place
  LEFT JOIN seed_partnerships there ON (there.school, there.cohort, there.kind) = (next_school.n, s.home_cohort, 'main')
 WHERE current_setting('cpd.profile') = 'minimal';
UPDATE seed_records SET story = 'plain', event_at = NULL, event_programme_id = NULL
 WHERE current_setting('cpd.profile') = 'minimal' AND event_at >= pg_temp.as_of();

-- Declared three weeks before a deadline, or three days ago; where windows are closed the day says which type it is.
INSERT INTO seed_declared (n, record, declaration_type, declared_at, created_at, fate, voided_at)
SELECT r.n * 32 + d.k * 2, r.n,
       coalesce((SELECT m.declaration_type FROM milestones m
                  WHERE (m.cohort, m.schedule_identifier) = (r.cohort, 'ecf-standard-september')
                    AND x.day BETWEEN m.start_date AND m.milestone_date
                  ORDER BY m.start_date DESC, m.milestone_date LIMIT 1), d.declaration_type),
       x.day + interval '9 hours', x.day + interval '15 hours', d.fate,
       CASE WHEN d.is_late THEN pg_temp.as_of() - interval '30 hours' END
  FROM seed_schools s
 CROSS JOIN (VALUES (1, 1, 'started', 1, 'kept', false),          -- paid
                    (2, 4, 'started', 1, 'clawed back', false),   -- clawed back
                    (3, 4, 'retained-1', 2, 'clawed back', true), -- awaiting clawback
                    (4, 5, 'started', 1, 'voided', false),        -- voided
                    (5, 6, 'started', 1, 'kept', false),          -- submitted
                    (6, 4, 'retained-2', 0, 'kept', false),       -- payable
                    (7, 1, 'completed', -1, 'kept', false)        -- eligible
            ) AS d (k, slot, declaration_type, due, fate, is_late)
  JOIN seed_records r ON r.n = s.first_person + d.slot - 1
 CROSS JOIN LATERAL (
       SELECT CASE d.due WHEN -1 THEN pg_temp.as_of() - interval '3 days'
                         WHEN 0 THEN (SELECT max(deadline) FROM seed_due WHERE NOT is_open) - interval '20 days'
                         ELSE (SELECT deadline FROM seed_due WHERE place = d.due) - interval '20 days' END AS day) x
 WHERE current_setting('cpd.profile') = 'minimal' AND x.day < pg_temp.as_of() - interval '1 day'
   AND (d.due > 0 OR (SELECT count(*) FROM seed_due WHERE NOT is_open) >= 4);

-- Who trains in each school of the sandbox and load profiles: so many mentors, then their ECTs, then mentors whom the
-- provider does not train.

CREATE TEMPORARY TABLE seed_slots ON COMMIT DROP AS
SELECT s.first_person + slot - 1 AS n, s.n AS school, s.provider, s.home_cohort AS cohort, s.place, s.schools, s.size,
       s.mentors, s.unfunded, s.first_person, slot, s.is_sparse, s.has_premium, c.registers_at,
       c.place > c.count - 2 AS is_recent, c.payments_frozen_at,
       CASE WHEN slot <= s.mentors OR slot > s.size THEN 'mentor' ELSE 'ect' END AS kind,
       pg_temp.draw('story', s.first_person + slot - 1, 1000) AS story,
       pg_temp.draw('schedule', s.first_person + slot - 1, 100) AS schedule,
       pg_temp.draw('eligibility', s.first_person + slot - 1, 100) AS eligibility
  FROM seed_schools s
  JOIN seed_cohorts c ON c.cohort = s.home_cohort
 CROSS JOIN generate_series(1, s.size + s.unfunded) slot
 WHERE current_setting('cpd.profile') <> 'minimal';

CREATE TEMPORARY TABLE seed_told ON COMMIT DROP AS
SELECT *, lead(told) OVER (ORDER BY n) AS next_told
  FROM (SELECT *, CASE
               WHEN slot > size THEN 'unfunded'
               WHEN kind = 'ect' AND slot - mentors <= unfunded THEN 'plain'
               WHEN story < 140 THEN 'withdrawn'
               WHEN story < 180 THEN 'deferred'
               WHEN story < 200 THEN 'resumed'
               WHEN story < 220 AND place < schools THEN 'new school'
               WHEN story < 240 THEN 'new provider'
               WHEN story < 245 THEN 'gone'
               WHEN story < 255 AND is_recent THEN 'joins later'
               WHEN story < 265 AND place <= greatest(1, schools / 5) THEN 'keeps provider'
               WHEN story < 300 AND kind = 'ect' AND payments_frozen_at < pg_temp.as_of() THEN 'moved cohort'
               WHEN story < 310 THEN 'left by school'
               WHEN story < 316 AND slot > 1 AND slot - 1 <> mentors THEN 'twin'
               ELSE 'plain' END AS told
          FROM seed_slots) t;

INSERT INTO seed_records (n, person, provider, school, cohort, kind, story, changes, last_position, schedule_identifier,
                          eligibility_status, eligibility_reason, full_name, email, trn, is_sparse, has_premium, mentor,
                          last_mentor, twin, was_merged, created_at, starts_at)
SELECT t.n, t.n, CASE WHEN told <> 'unfunded' THEN t.provider END, t.school, t.cohort, t.kind, told,
       CASE WHEN current_setting('cpd.profile') = 'load'
            THEN (ARRAY[0, 0, 0, 0, 1, 1, 1, 1, 2, 2])[1 + pg_temp.draw('changes', t.n, 10)]
            ELSE greatest(0, pg_temp.draw('changes', t.n, 10) - 7) END,
       CASE WHEN told IN ('unfunded', 'twin') THEN 0
            WHEN current_setting('cpd.profile') = 'load' THEN (ARRAY[0, 1, 2, 3, 4, 6, 9, 9, 9, 9])[1 + pg_temp.draw('last', t.n, 10)]
            ELSE (ARRAY[0, 1, 1, 2, 2, 2, 3, 5, 9, 9])[1 + pg_temp.draw('last', t.n, 10)] END,
       i.schedule_identifier, e.status, e.reason, p.full_name,
       lower(replace(p.full_name, ' ', '.')) || '.' || t.n || '@example.com',
       CASE WHEN told = 'twin' THEN NULL
            WHEN pg_temp.draw('has trn', t.n, 100) < CASE current_setting('cpd.profile') WHEN 'load' THEN 90 ELSE 50 END
                 OR next_told = 'twin'
            THEN (2000000 + (t.n * 7919 + pg_temp.draw('trn', 0, 1000000)) % 8000000)::text END,
       is_sparse, has_premium,
       CASE WHEN t.kind = 'ect' AND t.schedule <> 11
            THEN first_person + pg_temp.draw('mentor', t.n, mentors) END,
       CASE WHEN t.kind = 'ect' AND slot - mentors <= unfunded THEN first_person + size + slot - mentors - 1
            WHEN t.kind = 'ect' AND pg_temp.draw('new mentor', t.n, 4) = 0
            THEN first_person + pg_temp.draw('last mentor', t.n, mentors) END,
       CASE WHEN told = 'twin' THEN t.n - 1 END, pg_temp.draw('merged', t.n, 1000) < 5, d.created_at,
       CASE WHEN told = 'unfunded' THEN d.created_at ELSE m.start_date END
  FROM seed_told t
 CROSS JOIN LATERAL (SELECT pg_temp.person_name(t.n) AS full_name) p
 CROSS JOIN LATERAL (
       SELECT CASE WHEN told IN ('twin', 'moved cohort') OR next_told = 'twin' THEN 'ecf-standard-september'
                   WHEN schedule < 48 THEN 'ecf-standard-september' WHEN schedule < 95 THEN 'ecf-standard-january'
                   WHEN schedule < 97 THEN 'ecf-standard-april' WHEN schedule < 98 THEN 'ecf-reduced-september'
                   WHEN schedule < 99 THEN 'ecf-extended-september'
                   WHEN t.kind = 'mentor' THEN 'ecf-replacement-september'
                   ELSE 'ecf-reduced-january' END AS schedule_identifier) i
  JOIN milestones m ON (m.cohort, m.schedule_identifier, m.declaration_type) = (t.cohort, i.schedule_identifier, 'started')
 CROSS JOIN LATERAL (
       SELECT CASE WHEN told IN ('twin', 'moved cohort', 'unfunded') OR eligibility < 88 THEN 'eligible'
                   WHEN eligibility < 91 THEN NULL
                   WHEN eligibility < 96 THEN 'manual_check'
                   WHEN eligibility = 96 THEN 'matched'
                   WHEN eligibility = 99 AND t.kind = 'ect' THEN 'manual_check'
                   ELSE 'ineligible' END AS status) s
 CROSS JOIN LATERAL (
       SELECT s.status,
              CASE WHEN s.status = 'eligible' THEN 'none'
                   WHEN s.status IS NULL THEN NULL
                   WHEN s.status = 'matched' THEN 'none'
                   WHEN eligibility IN (91, 92) THEN CASE t.kind WHEN 'ect' THEN 'no_qts' ELSE 'different_trn' END
                   WHEN eligibility = 93 THEN 'active_flags'
                   WHEN eligibility IN (94, 95) THEN 'different_trn'
                   WHEN eligibility = 97 THEN CASE t.kind WHEN 'ect' THEN 'previous_induction' ELSE 'previous_participation' END
                   WHEN eligibility = 98 THEN CASE t.kind WHEN 'ect' THEN 'exempt_from_induction' ELSE 'duplicate_profile' END
                   ELSE CASE t.kind WHEN 'ect' THEN 'no_induction' ELSE 'previous_participation' END END AS reason) e
 CROSS JOIN LATERAL (
       SELECT greatest(t.registers_at + interval '25 days', make_date(t.cohort, 5, 20)::timestamptz) AS first_day) f
 CROSS JOIN LATERAL (
       SELECT pg_temp.within_days(f.first_day, 'registered', t.n,
                                  least(150, (pg_temp.as_of()::date - f.first_day::date) - 6)) AS created_at) d;
DROP TABLE seed_slots, seed_told;
UPDATE seed_records r SET trn = o.trn FROM seed_records o WHERE o.n = r.twin;

-- One in twenty ECTs becomes a mentor two years later, in the same school and with the same provider.
INSERT INTO seed_records (n, person, provider, school, cohort, kind, story, last_position, full_name, email, trn,
                          is_sparse, has_premium, created_at, starts_at)
SELECT 10000000 + r.n, r.n, r.provider, r.school, p.cohort, 'mentor', 'plain', 1 + pg_temp.draw('last', 10000000 + r.n, 3),
       r.full_name, r.email, r.trn, r.is_sparse, r.has_premium, d.created_at, m.start_date
  FROM seed_records r
  JOIN seed_partnerships p ON p.school = r.school AND p.cohort = r.cohort + 2 AND p.kind = 'main'
  JOIN milestones m ON (m.cohort, m.schedule_identifier, m.declaration_type) = (p.cohort, 'ecf-standard-september', 'started')
 CROSS JOIN LATERAL (SELECT pg_temp.within_days(make_date(p.cohort, 6, 17), 'registered', 10000000 + r.n, 15) AS created_at) d
 WHERE r.kind = 'ect' AND r.story = 'plain' AND r.eligibility_status = 'eligible'
   AND pg_temp.draw('becomes mentor', r.n, 1000) < 110;
ANALYZE seed_records;

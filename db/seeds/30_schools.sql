-- Schools, what each has agreed for each cohort, and with whom.

-- How many schools each provider has, and how many people train in each.
CREATE TEMPORARY TABLE seed_schools ON COMMIT DROP AS
WITH sizes AS (
    SELECT r.place AS provider, c.cohort AS home_cohort, c.place AS cohort_place,
           CASE current_setting('cpd.profile')
                WHEN 'minimal' THEN (c.cohort = current_setting('cpd.minimal_cohort')::integer)::integer
                WHEN 'sandbox' THEN 5
                ELSE (CASE WHEN r.place = 1 THEN 15000 ELSE 1115 END) / c.count END AS schools
      FROM seed_ring r CROSS JOIN seed_cohorts c
), numbered AS (
    SELECT row_number() OVER (ORDER BY s.provider, s.home_cohort, k) AS n, s.provider, s.home_cohort, k::integer AS place,
           s.schools
      FROM sizes s CROSS JOIN generate_series(1, s.schools) k
), sized AS (
    SELECT *, CASE current_setting('cpd.profile') WHEN 'minimal' THEN 6 WHEN 'sandbox' THEN 50 ELSE 4 + n % 2 END AS size,
           CASE current_setting('cpd.profile') WHEN 'minimal' THEN 3 WHEN 'sandbox' THEN 19 ELSE 2 END AS mentors,
           CASE current_setting('cpd.profile')
                WHEN 'minimal' THEN 1
                WHEN 'sandbox' THEN CASE WHEN home_cohort < 2023 THEN 0 WHEN place <= 3 THEN 7 ELSE 6 END
                ELSE (n % 10 = 0 AND home_cohort >= 2023)::integer END AS unfunded
      FROM numbered
)
SELECT *, (1 + sum(size + unfunded) OVER (ORDER BY n) - size - unfunded)::bigint AS first_person,
       pg_temp.seed_uuid('school', n) AS id, (400000 + n)::text AS urn,
       pg_temp.pick('{Ashgrove,Beechwood,Bridgewater,Castlefield,Copperfield,Elmhurst,Fairfield,Foxglove,Hawthorn,
                      Highcliffe,Hollybank,Kingsmead,Lakeside,Larkfield,Meadowbrook,Millbrook,Northgate,Oakfield,
                      Parkside,Queensway,Ravenswood,Rosebank,Silverdale,Springfield,Stonebridge,Sunnyside,Thornfield,
                      Valleyside,Westbrook,Willowdene}', 'school name', n) AS name,
       pg_temp.draw('sparsity', n, 100) < 11 AS is_sparse, pg_temp.draw('pupil premium', n, 100) < 22 AS has_premium
  FROM sized;
UPDATE seed_schools
   SET name = name || ' ' || pg_temp.pick('{Primary School,Academy,High School,Community College,Junior School,School}',
                                          'school kind', n);

-- Schools that work with nobody yet, some of them closed or not entitled.
INSERT INTO seed_schools (n, place, size, unfunded, id, urn, name, is_sparse, has_premium)
SELECT 90000 + k, k, 0, 0, pg_temp.seed_uuid('school', 90000 + k), (490000 + k)::text,
       'Unpartnered School ' || k, false, false
  FROM generate_series(1, CASE current_setting('cpd.profile') WHEN 'minimal' THEN 2 ELSE 100 END) k;

-- Schools that testers know by name (contract platform.md section 16.3); those with a provider work with the first.
INSERT INTO seed_schools (n, provider, home_cohort, place, schools, size, unfunded, id, urn, name, is_sparse, has_premium)
SELECT 95000 + row_number() OVER (ORDER BY urn), provider, home_cohort, 1000, 1, 0, 0,
       pg_temp.seed_uuid('named school', urn::bigint), urn, name, false, false
  FROM (SELECT lpad(k::text, 6, '0') AS urn, 'ZZ Test School ' || k AS name,
               CASE WHEN k IN (5, 6) THEN 1 END AS provider, CASE WHEN k IN (5, 6) THEN 2021 END AS home_cohort
          FROM generate_series(1, 8) k
         UNION ALL SELECT '000103', 'ZZ Transfer School', 1, 2021
         UNION ALL SELECT '801212', 'UR School', 1, 2021
         UNION ALL SELECT (202000 + (year - 2020) * 100 + k)::text, format('Closing %s School %s', year, k), 1, year
                     FROM generate_series(2021, 2022) year CROSS JOIN generate_series(1, 4) k) named
 WHERE current_setting('cpd.profile') = 'sandbox';
CREATE UNIQUE INDEX ON seed_schools (n);
CREATE INDEX ON seed_schools (provider, home_cohort, place);
ANALYZE seed_schools;

-- The main partnership of a school and cohort; beside it a few that the school challenged, and those made for
-- people who came from elsewhere and kept their provider. Each has its programme.
CREATE TEMPORARY TABLE seed_partnerships ON COMMIT DROP AS
WITH main AS (
    SELECT s.n AS school, c.cohort, s.provider, 'main' AS kind, s.provider AS main_provider, c.registers_at, c.place
      FROM seed_schools s
      JOIN seed_cohorts c ON c.cohort = s.home_cohort
                          OR c.cohort > s.home_cohort AND (current_setting('cpd.profile') <> 'load'
                                                           OR pg_temp.draw('continues', s.n * 10 + c.place, 10) < 8)
                          OR c.cohort < s.home_cohort AND current_setting('cpd.profile') = 'load'
                             AND pg_temp.draw('began', s.n * 10 + c.place, 10) < 5
), beside AS (
    SELECT m.school, m.cohort,
           1 + (m.provider - 1 + pg_temp.draw('wrong provider', m.school, count - 1) + 1) % count AS provider,
           'challenged', m.provider, m.registers_at, m.place
      FROM main m CROSS JOIN (SELECT count(*)::integer AS count FROM seed_ring) r
     WHERE CASE current_setting('cpd.profile') WHEN 'minimal' THEN m.cohort = current_setting('cpd.minimal_cohort')::integer
                ELSE pg_temp.draw('challenged', m.school * 10 + m.place, 100) < 6 END
     UNION ALL
    SELECT s.n, s.home_cohort, r.place, 'relationship', s.provider, c.registers_at, c.place
      FROM seed_schools s
      JOIN seed_ring r ON r.next_place = s.provider
      JOIN seed_cohorts c ON c.cohort = s.home_cohort
     WHERE s.place <= greatest(1, s.schools / 5) AND current_setting('cpd.profile') <> 'minimal'
), numbered AS (
    SELECT *, school * 1000 + place * 100 + provider * 3
              + CASE kind WHEN 'main' THEN 0 WHEN 'challenged' THEN 1 ELSE 2 END AS n
      FROM (SELECT * FROM main UNION ALL SELECT * FROM beside) p
), dated AS (
    SELECT *, pg_temp.within_days(registers_at, 'partnership', n, 10)
              + CASE WHEN kind = 'relationship' THEN interval '12 days' ELSE interval '0' END AS created_at
      FROM numbered
)
SELECT n, school, cohort, place, provider, kind, main_provider, created_at,
       pg_temp.seed_uuid('partnership', n) AS id, pg_temp.seed_uuid('programme', n) AS programme_id,
       pg_temp.seed_uuid('delivery partner', provider * 10 + CASE kind WHEN 'main' THEN 1 + school % 4 WHEN 'challenged' THEN 2 ELSE 3 END)
           AS delivery_partner_id,
       CASE WHEN kind = 'challenged' THEN pg_temp.within_days(created_at, 'challenge', n, 12) END AS challenged_at
  FROM dated
 WHERE created_at < pg_temp.as_of() - interval '20 days';
CREATE UNIQUE INDEX ON seed_partnerships (school, cohort, kind);
ANALYZE seed_partnerships;

-- Core induction programmes, for those who are trained by their school.
CREATE TEMPORARY TABLE seed_school_led ON COMMIT DROP AS
SELECT s.n AS school, c.cohort, pg_temp.seed_uuid('school-led programme', s.n * 10 + c.place) AS programme_id,
       least(c.registers_at + interval '2 days', pg_temp.as_of()) AS created_at
  FROM seed_schools s
  JOIN seed_cohorts c ON c.cohort = s.home_cohort AND s.unfunded > 0
                      OR s.urn = '000004'
                      OR s.provider IS NULL AND s.n < 95000 AND pg_temp.draw('school-led', s.n * 10 + c.place, 4) = 0;
CREATE UNIQUE INDEX ON seed_school_led (school, cohort);

INSERT INTO schools (id, urn, name, status_code, type_code, district_code, section_41_approved, primary_contact_email,
                     created_at, updated_at)
SELECT s.id, s.urn, s.name,
       CASE WHEN s.n BETWEEN 90000 AND 94999 AND s.n % 10 = 1 THEN 2 WHEN s.n % 50 = 3 THEN 3 ELSE 1 END,
       CASE WHEN s.n BETWEEN 90000 AND 94999 AND s.n % 10 = 2 THEN 10 WHEN s.n BETWEEN 90000 AND 94999 AND s.n % 10 = 3 THEN 25 ELSE 1 END,
       CASE WHEN s.n BETWEEN 90000 AND 94999 AND s.n % 10 = 4 THEN 'W06000015' ELSE 'E123' END,
       s.n BETWEEN 90000 AND 94999 AND s.n % 20 = 3, 'school-info-' || s.urn || '@example.com', s.created_at,
       greatest(s.created_at, p.changed_at)
  FROM (SELECT *, pg_temp.within_days('2020-09-02Z', 'school', n, 200) AS created_at FROM seed_schools) s
  LEFT JOIN (SELECT school, max(greatest(created_at, challenged_at)) AS changed_at FROM seed_partnerships GROUP BY school) p
    ON p.school = s.n;

INSERT INTO partnerships (id, school_id, cohort, lead_provider_id, delivery_partner_id, relationship, challenge_reason,
                          challenged_at, challenge_deadline, created_at, updated_at)
SELECT p.id, s.id, p.cohort, r.id, p.delivery_partner_id, p.kind = 'relationship',
       CASE WHEN p.kind = 'challenged'
            THEN pg_temp.pick('{another_provider,not_confirmed,do_not_recognise,no_ects,mistake}', 'challenge', p.n) END,
       p.challenged_at, p.created_at + interval '14 days', p.created_at, greatest(p.created_at, p.challenged_at)
  FROM seed_partnerships p
  JOIN seed_schools s ON s.n = p.school
  JOIN seed_ring r ON r.place = p.provider;

INSERT INTO induction_programmes (id, school_id, cohort, training_programme, partnership_id, core_induction_programme,
                                  created_at, updated_at)
SELECT p.programme_id, s.id, p.cohort, 'full_induction_programme', p.id, NULL, p.created_at, p.created_at
  FROM seed_partnerships p JOIN seed_schools s ON s.n = p.school
 UNION ALL
SELECT l.programme_id, s.id, l.cohort, 'core_induction_programme', NULL,
       pg_temp.pick('{Ambition Institute,Education Development Trust,Teach First,UCL Institute of Education}',
                    'core programme', l.school), l.created_at, l.created_at
  FROM seed_school_led l JOIN seed_schools s ON s.n = l.school;

INSERT INTO school_cohorts (school_id, cohort, induction_programme_choice, default_programme_id, created_at, updated_at)
SELECT s.id, c.cohort,
       CASE WHEN p.id IS NOT NULL THEN 'full_induction_programme'
            WHEN l.programme_id IS NOT NULL THEN 'core_induction_programme'
            ELSE pg_temp.pick('{design_our_own,no_early_career_teachers,no_early_career_teachers,not_yet_known}',
                              'choice', s.n * 10 + c.place) END,
       coalesce(p.programme_id, l.programme_id), x.created_at, greatest(x.created_at, p.created_at)
  FROM seed_schools s
 CROSS JOIN seed_cohorts c
 CROSS JOIN LATERAL (SELECT least(pg_temp.within_days(c.registers_at, 'school cohort', s.n * 10 + c.place, 2),
                                  pg_temp.as_of()) AS created_at) x
  LEFT JOIN seed_partnerships p ON p.school = s.n AND p.cohort = c.cohort AND p.kind = 'main'
  LEFT JOIN seed_school_led l ON l.school = s.n AND l.cohort = c.cohort
 WHERE s.provider IS NOT NULL OR pg_temp.draw('silent', s.n * 10 + c.place, 4) > 0 OR l.programme_id IS NOT NULL;

-- One induction tutor a school.
WITH tutors AS (
    SELECT s.n, s.id AS school_id, s.urn, pg_temp.seed_uuid('tutor', s.n) AS id,
           pg_temp.within_days('2021-04-01Z', 'tutor', s.n, 30) AS created_at
      FROM seed_schools s
     WHERE s.n % 20 <> 7
), people AS (
    INSERT INTO users (id, full_name, email, signed_in_at, created_at, updated_at)
    SELECT id, pg_temp.person_name(1000000000 + n), 'tutor-' || urn || '@example.com',
           CASE WHEN n % 3 > 0 THEN created_at + interval '3 days' END, created_at, created_at
      FROM tutors
), roles AS (
    INSERT INTO induction_tutors (user_id, created_at, updated_at) SELECT id, created_at, created_at FROM tutors
)
INSERT INTO induction_tutor_schools (user_id, school_id) SELECT id, school_id FROM tutors;

-- Who was asked to name a tutor, and whether the e-mail was read.
INSERT INTO nomination_emails (id, school_id, notify_id, notify_status, sent_at, delivered_at, opened_at, created_at,
                               updated_at)
SELECT pg_temp.seed_uuid('nomination', s.n), s.id, pg_temp.seed_uuid('notify', s.n)::text,
       CASE WHEN s.n % 7 = 0 THEN 'permanent-failure' ELSE 'delivered' END, x.sent_at,
       CASE WHEN s.n % 7 > 0 THEN x.sent_at + interval '2 minutes' END,
       CASE WHEN s.n % 7 > 2 AND s.urn <> '000003' THEN x.sent_at + interval '1 day' END, x.sent_at, x.sent_at
  FROM seed_schools s
 CROSS JOIN LATERAL (SELECT pg_temp.within_days('2021-05-10Z', 'nomination', s.n, 60) AS sent_at) x
 WHERE s.n % 3 = 0 OR s.urn = '000003';

-- What happens to everybody: each story becomes moments at which something changes, and between two moments there is
-- one induction record (contract rules.md section 1.3: a change ends the old record and starts a copy).
--   plain                          nothing but changes of mentor
--   withdrawn, deferred, resumed   said by the provider
--   new school, new provider       a transfer; keeps provider: to a school that works with another one
--   joins later                    a transfer that is still to come
--   gone                           left, and nobody knows where to
--   left by school                 the school withdrew the record
--   moved cohort                   from a cohort whose payments are frozen to 2024
--   unfunded                       a mentor whom the provider does not train
--   twin                           registered a second time under the same teacher number

-- When, and where to. What would happen after the day does not happen.
WITH moments AS (
    SELECT r.n, r.story, s.place, s.provider, r.cohort, greatest(r.created_at, r.starts_at) AS began_at,
           CASE r.story
                WHEN 'joins later' THEN pg_temp.as_of() + (10 + pg_temp.draw('event', r.n, 50)) * interval '1 day'
                WHEN 'moved cohort' THEN pg_temp.within_days('2024-06-10Z', 'event', r.n, 150)
                ELSE pg_temp.within_days((greatest(r.created_at, r.starts_at) + interval '100 days')::date, 'event',
                                         r.n, 250) END AS event_at
      FROM seed_records r
      JOIN seed_schools s ON s.n = r.school
     WHERE r.story NOT IN ('plain', 'twin', 'unfunded') AND r.event_at IS NULL
), aimed AS (
    SELECT m.n, m.event_at, p.programme_id
      FROM moments m
      LEFT JOIN LATERAL (
           SELECT t.programme_id
             FROM seed_ring ring
             JOIN seed_schools to_school
               ON (to_school.provider, to_school.home_cohort)
                = (CASE WHEN m.story = 'new school' THEN m.provider ELSE ring.next_place END, m.cohort)
              AND to_school.place = CASE m.story
                      WHEN 'new school' THEN m.place + 1
                      WHEN 'keeps provider' THEN 1 + m.n % greatest(1, to_school.schools / 5)
                      ELSE 1 + m.n % to_school.schools END
             JOIN seed_partnerships t
               ON (t.school, t.cohort) = (to_school.n, m.cohort)
              AND t.kind = CASE m.story WHEN 'keeps provider' THEN 'relationship' ELSE 'main' END
            WHERE ring.place = m.provider AND m.story IN ('new school', 'new provider', 'keeps provider', 'joins later')
            UNION ALL
           SELECT t.programme_id FROM seed_partnerships t
             JOIN seed_records r ON r.n = m.n
            WHERE m.story = 'moved cohort' AND (t.school, t.cohort, t.kind) = (r.school, 2024, 'main')) p ON true
     WHERE m.began_at < pg_temp.as_of() - interval '20 days'
       AND (m.story = 'joins later' OR m.event_at < pg_temp.as_of())
)
UPDATE seed_records r
   SET event_at = a.event_at, event_programme_id = a.programme_id,
       second_at = CASE r.story WHEN 'resumed' THEN a.event_at + (40 + pg_temp.draw('second', r.n, 60)) * interval '1 day' END
  FROM aimed a
 WHERE a.n = r.n
   AND (a.programme_id IS NOT NULL OR r.story IN ('withdrawn', 'deferred', 'resumed', 'gone', 'left by school'));

UPDATE seed_records SET story = 'plain'
 WHERE event_at IS NULL AND story NOT IN ('plain', 'twin', 'unfunded');
UPDATE seed_records SET story = 'deferred', second_at = NULL
 WHERE story = 'resumed' AND second_at >= pg_temp.as_of();
ANALYZE seed_records;

CREATE TEMPORARY TABLE seed_programmes ON COMMIT DROP AS
SELECT p.programme_id, p.school, p.cohort, p.provider, p.delivery_partner_id, p.kind FROM seed_partnerships p
 UNION ALL
SELECT l.programme_id, l.school, l.cohort, NULL, NULL, 'school-led' FROM seed_school_led l;
CREATE UNIQUE INDEX ON seed_programmes (programme_id);
CREATE INDEX ON seed_programmes (school, cohort, kind);
ANALYZE seed_programmes;

CREATE TEMPORARY TABLE seed_moments ON COMMIT DROP AS
WITH homes AS (
    SELECT r.n, r.story, r.changes, r.starts_at, r.event_at, r.second_at, r.event_programme_id,
           greatest(r.created_at, r.starts_at) AS began_at, home.programme_id AS home_id,
           CASE WHEN pg_temp.draw('at first', r.n, 2) = 0 THEN wrong.programme_id END AS wrong_id
      FROM seed_records r
      JOIN seed_programmes home ON (home.school, home.cohort) = (r.school, r.cohort)
                               AND home.kind = CASE WHEN r.provider IS NULL THEN 'school-led' ELSE 'main' END
      LEFT JOIN seed_programmes wrong ON (wrong.school, wrong.cohort, wrong.kind) = (r.school, r.cohort, 'challenged')
                                     AND r.provider IS NOT NULL AND r.n < 20000000
                                     AND greatest(r.created_at, r.starts_at) < pg_temp.as_of() - interval '20 days'
     WHERE r.provider IS NOT NULL OR r.n % 2 = 0 OR r.story <> 'unfunded'
)
SELECT n, 'start' AS kind, starts_at AS at, coalesce(wrong_id, home_id) AS programme_id FROM homes
 UNION ALL
SELECT n, 'rehomed', pg_temp.within_days((began_at + interval '2 days')::date, 'rehomed', n, 10), home_id
  FROM homes WHERE wrong_id IS NOT NULL
 UNION ALL
SELECT n, 'change', c.at, home_id
  FROM homes
 CROSS JOIN generate_series(1, changes) k
 CROSS JOIN LATERAL (SELECT pg_temp.within_days((began_at + (20 + (k - 1) * 35) * interval '1 day')::date, 'change',
                                                n * 4 + k, 30) AS at) c
 WHERE c.at < pg_temp.as_of() AND (event_at IS NULL OR c.at < event_at)
 UNION ALL
SELECT n, story, event_at, coalesce(event_programme_id, home_id)
  FROM homes WHERE event_at IS NOT NULL AND story NOT IN ('gone', 'left by school')
 UNION ALL
SELECT n, 'resumed again', second_at, home_id FROM homes WHERE second_at IS NOT NULL;

-- One row an induction record.
CREATE TEMPORARY TABLE seed_history ON COMMIT DROP AS
WITH told AS (
    SELECT m.n, m.kind, m.at, m.programme_id, row_number() OVER moment AS seq, lead(m.at) OVER moment AS next_at,
           lead(m.kind) OVER moment AS next_kind
      FROM seed_moments m
    WINDOW moment AS (PARTITION BY m.n ORDER BY m.at, m.kind)
)
SELECT t.n, t.seq, t.kind, t.at, t.programme_id, p.provider, p.delivery_partner_id, p.school, p.cohort,
       CASE WHEN t.kind = 'moved cohort' THEN 2024 ELSE r.cohort END::smallint AS schedule_cohort,
       CASE WHEN t.kind = 'moved cohort' THEN 'ecf-extended-september' ELSE r.schedule_identifier END AS schedule_identifier,
       coalesce(t.next_at, CASE WHEN r.story = 'gone' OR r.story = 'left by school' AND r.n % 2 = 0
                                THEN r.event_at END) AS end_date,
       CASE WHEN t.kind IN ('withdrawn', 'deferred') THEN t.kind WHEN t.kind = 'resumed' THEN 'deferred' ELSE 'active' END
           AS training_status,
       CASE WHEN t.next_kind IN ('new school', 'new provider', 'keeps provider', 'joins later') THEN 'leaving'
            WHEN t.next_kind IS NOT NULL THEN 'changed'
            WHEN r.story = 'gone' THEN 'leaving'
            WHEN r.story = 'left by school' THEN 'withdrawn'
            ELSE 'active' END AS induction_status,
       t.kind IN ('new school', 'new provider', 'keeps provider', 'joins later') AS is_transfer,
       CASE WHEN r.kind = 'mentor' THEN NULL
            WHEN t.kind IN ('new school', 'new provider', 'keeps provider', 'joins later')
            THEN to_school.first_person + pg_temp.draw('mentor there', t.n, to_school.mentors)
            WHEN t.next_kind IS NULL THEN coalesce(r.last_mentor, r.mentor)
            ELSE r.mentor END AS mentor,
       CASE WHEN t.seq = 1 THEN r.created_at WHEN t.kind = 'joins later' THEN x.recorded_at ELSE t.at END AS created_at,
       CASE WHEN t.next_kind = 'joins later' THEN x.recorded_at
            WHEN t.next_at IS NOT NULL THEN greatest(t.next_at, r.created_at)
            WHEN r.story IN ('gone', 'left by school') THEN r.event_at
            WHEN t.seq = 1 THEN r.created_at WHEN t.kind = 'joins later' THEN x.recorded_at ELSE t.at END AS updated_at
  FROM told t
  JOIN seed_records r ON r.n = t.n
  JOIN seed_programmes p ON p.programme_id = t.programme_id
  JOIN seed_schools to_school ON to_school.n = p.school
 CROSS JOIN LATERAL (SELECT pg_temp.within_days((pg_temp.as_of() - interval '9 days')::date, 'recorded', t.n, 6)
                                AS recorded_at) x;
CREATE UNIQUE INDEX ON seed_history (n, seq);
ANALYZE seed_history;
DROP TABLE seed_moments;

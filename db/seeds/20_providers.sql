-- Lead providers, their delivery partners, and their statements as they stand on the day.

CREATE TEMPORARY TABLE seed_providers ON COMMIT DROP AS
SELECT p.ordinal, coalesce((SELECT l.id FROM lead_providers l WHERE l.name = p.name ORDER BY l.id LIMIT 1), p.id) AS id,
       p.name, p.ecf, p.npq
  FROM (VALUES
        (1,  uuid '9e35e998-c63b-4136-89c4-e9e18ddde0ea', 'Ambition Institute', true, true, false),
        (2,  '57ba9e86-559f-4ff4-a6d2-4610c7259b67', 'Best Practice Network', true, true, false),
        (3,  '4c1b1a5e-6a0e-4d0c-8a55-6f3f0f2c9a03', 'Capita', true, false, false),
        (4,  '21e61f53-9b34-4384-a8f5-d8224dbf946d', 'Education Development Trust', true, true, false),
        (5,  '3ec607f2-7a3a-421f-9f1a-9aca8a634aeb', 'National Institute of Teaching', true, true, false),
        (6,  'a02ae582-f939-462f-90bc-cebf20fa8473', 'Teach First', true, true, false),
        (7,  'ef687b3d-c1c0-4566-a295-16d6fa5d0fa7', 'UCL Institute of Education', true, true, false),
        (8,  '79cb41ca-cb6d-405c-b52c-b6f7c752388d', 'Church of England', false, true, false),
        (9,  'bc5e4e37-1d64-4149-a06b-ad10d3c55fd0', 'School-Led Network', false, true, false),
        (10, '230e67c0-071a-4a48-9673-9d043d456281', 'Leadership Learning South East', false, true, false),
        (11, '30fd937e-b93c-4f81-8fff-3c27544193f1', 'Teacher Development Trust', false, true, false),
        (12, '0b8f3f0e-1d52-4a83-9e2f-7f1d5c6ab012', 'Meridian Early Careers', true, false, true),
        (13, '5d2c7a94-83be-4f6a-b1c0-2e9d4a7cb013', 'Northmoor Teaching Alliance', true, false, true),
        (14, 'c9a46e2b-07d1-4b5e-8f3a-61b0e8d2c014', 'Riverside Training Partnership', true, false, true)
       ) AS p (ordinal, id, name, ecf, npq, for_load)
 WHERE CASE current_setting('cpd.profile') WHEN 'load' THEN p.ecf ELSE NOT p.for_load END;

INSERT INTO lead_providers (id, name, cpd_name, ecf, npq, created_at, updated_at)
SELECT id, name, name, ecf, npq, timestamptz '2020-09-01 09:00:00Z', '2020-09-01 09:00:00Z'
  FROM seed_providers s
 WHERE NOT EXISTS (SELECT FROM lead_providers l WHERE l.id = s.id);

-- The ECF side, in a ring: each provider's participants transfer to the next one.
CREATE TEMPORARY TABLE seed_ring ON COMMIT DROP AS
SELECT ordinal, id, place, 1 + place % count AS next_place
  FROM (SELECT ordinal, id, row_number() OVER (ORDER BY ordinal)::integer AS place, count(*) OVER ()::integer AS count
          FROM seed_providers WHERE ecf) p;

-- Cohorts whose first participants have registered by the day.
CREATE TEMPORARY TABLE seed_cohorts ON COMMIT DROP AS
SELECT start_year AS cohort, row_number() OVER (ORDER BY start_year)::integer AS place, count(*) OVER ()::integer AS count,
       registration_start_date AS registers_at, payments_frozen_at, detailed_evidence_types
  FROM cohorts
 WHERE start_year BETWEEN 2021 AND 2025 AND make_date(start_year, 8, 1) <= pg_temp.as_of();

-- Five delivery partners each; the first also works with the next provider, the last has given up.
CREATE TEMPORARY TABLE seed_partners ON COMMIT DROP AS
SELECT r.place AS provider, k, pg_temp.seed_uuid('delivery partner', r.place * 10 + k) AS id,
       (ARRAY['Amberside','Blackwater','Castlegate','Dovedale','Eastfield','Foxhill','Greenbank','Highmoor','Ivybridge',
              'Kingsway'])[1 + (r.place - 1) % 10]
       || ' ' || (ARRAY['Teaching School Hub','Learning Partnership','Schools Trust','Education Alliance',
                        'Training Centre'])[k] AS name
  FROM seed_ring r CROSS JOIN generate_series(1, 5) k;

INSERT INTO delivery_partners (id, name, discarded_at, created_at, updated_at)
SELECT id, name, CASE WHEN k = 5 THEN timestamptz '2021-05-30 10:00:00Z' END, created_at,
       CASE WHEN k = 5 THEN timestamptz '2021-05-30 10:00:00Z' ELSE created_at END
  FROM (SELECT *, pg_temp.within_days('2020-10-01Z', 'delivery partner', provider * 10 + k, 100) AS created_at
          FROM seed_partners) p;

INSERT INTO provider_relationships (lead_provider_id, delivery_partner_id, cohort, discarded_at, created_at, updated_at)
SELECT r.id, p.id, c.cohort, CASE WHEN p.k = 5 THEN timestamptz '2021-05-30 10:00:00Z' END, c.registers_at,
       CASE WHEN p.k = 5 THEN greatest(c.registers_at, '2021-05-30 10:00:00Z') ELSE c.registers_at END
  FROM seed_partners p
  JOIN seed_ring r ON r.place = p.provider
                   OR p.k = 1 AND r.place = (SELECT next_place FROM seed_ring n WHERE n.place = p.provider)
 CROSS JOIN seed_cohorts c
 WHERE p.k < 5 OR c.place = 1;

-- A statement is open to its deadline, then payable until finance authorises it, here on its payment date. Of each
-- cohort that still runs the newest payable one waits for finance, so that there always is one.
CREATE TEMPORARY TABLE seed_statements ON COMMIT DROP AS
SELECT r.place AS provider, pg_temp.seed_uuid('statement', r.ordinal * 1000 + c.row) AS id, c.cohort, c.name,
       c.deadline_date, c.payment_date, c.output_fee, c.deadline_date + interval '1 day' AS payable_at,
       greatest(c.deadline_date + interval '1 day', c.payment_date + interval '10 hours') AS paid_at,
       CASE WHEN c.deadline_date >= pg_temp.as_of() THEN 'open'
            WHEN c.payment_date >= pg_temp.as_of() OR c.is_waiting THEN 'payable'
            ELSE 'paid' END AS state
  FROM (SELECT s.*, row_number() OVER (ORDER BY s.cohort, s.deadline_date, s.name) AS row,
               s.output_fee
               AND s.deadline_date = max(s.deadline_date) FILTER (WHERE s.output_fee AND s.deadline_date < pg_temp.as_of())
                                     OVER (PARTITION BY s.cohort)
               AND bool_or(s.output_fee AND s.deadline_date >= pg_temp.as_of()) OVER (PARTITION BY s.cohort) AS is_waiting
          FROM statement_calendar s) c
 CROSS JOIN seed_ring r;
CREATE UNIQUE INDEX ON seed_statements (provider, cohort, deadline_date) WHERE output_fee;
ANALYZE seed_statements;

INSERT INTO statements (id, lead_provider_id, cohort, name, deadline_date, payment_date, output_fee, state,
                        marked_as_paid_at, created_at, updated_at)
SELECT s.id, r.id, s.cohort, s.name, s.deadline_date, s.payment_date, s.output_fee, s.state,
       CASE WHEN s.state = 'paid' THEN s.paid_at END, least(c.registration_start_date, pg_temp.as_of()),
       CASE s.state WHEN 'paid' THEN s.paid_at WHEN 'payable' THEN s.payable_at
                    ELSE least(c.registration_start_date, pg_temp.as_of()) END
  FROM seed_statements s
  JOIN seed_ring r ON r.place = s.provider
  JOIN cohorts c ON c.start_year = s.cohort;

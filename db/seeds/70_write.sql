-- Writes the people, their training and their declarations. Every updated_at is that of the last thing that happened,
-- pushed up to the person as contract v3.md section 5 has it.

-- What ends with a declaration of completion.
CREATE TEMPORARY TABLE seed_completed ON COMMIT DROP AS
SELECT record AS n, max((declared_at AT TIME ZONE 'UTC')::date) AS completed_on, max(created_at) AS completed_at
  FROM seed_settled
 WHERE declaration_type = 'completed' AND state IN ('submitted', 'eligible', 'payable', 'paid')
   AND (kind = 'mentor' OR record % 5 > 0)
 GROUP BY record;
CREATE UNIQUE INDEX ON seed_completed (n);

UPDATE seed_history h SET induction_status = 'completed', updated_at = greatest(h.updated_at, c.completed_at)
  FROM seed_completed c JOIN seed_records r ON r.n = c.n
 WHERE h.n = c.n AND r.kind = 'ect' AND h.end_date IS NULL AND h.induction_status = 'active' AND h.training_status = 'active';

CREATE TEMPORARY TABLE seed_said ON COMMIT DROP AS
SELECT r.n, h.kind, h.at,
       CASE h.kind
            WHEN 'deferred' THEN pg_temp.pick('{bereavement,long-term-sickness,parental-leave,career-break,other}', 'reason', r.n)
            WHEN 'resumed' THEN pg_temp.pick('{bereavement,long-term-sickness,parental-leave,career-break,other}', 'reason', r.n)
            WHEN 'resumed again' THEN NULL
            ELSE CASE WHEN r.kind = 'mentor' AND r.n % 3 = 0 THEN 'mentor-no-longer-being-mentor'
                      WHEN r.cohort >= 2025
                      THEN pg_temp.pick('{left-teaching-profession,moved-school,switched-to-school-led,other}', 'reason', r.n)
                      ELSE pg_temp.pick('{left-teaching-profession,moved-school,school-left-fip,other}', 'reason', r.n) END
       END AS reason
  FROM seed_history h JOIN seed_records r ON r.n = h.n
 WHERE h.kind IN ('withdrawn', 'deferred', 'resumed', 'resumed again');

-- Where each training record stands now.
CREATE TEMPORARY TABLE seed_standing ON COMMIT DROP AS
SELECT r.n, coalesce(now.school, r.school) AS school, coalesce(now.cohort, r.cohort) AS cohort,
       coalesce(now.schedule_cohort, r.cohort) AS schedule_cohort,
       coalesce(now.schedule_identifier, r.schedule_identifier) AS schedule_identifier,
       coalesce(now.training_status, 'active') AS training_status,
       c.completed_on,
       r.kind = 'mentor' AND r.story = 'plain' AND r.trn IS NOT NULL AND r.cohort <= 2022 AND r.n < 10000000
           AND pg_temp.draw('early roll-out', r.n, 50) = 0 AS was_early,
       r.kind = 'mentor' AND r.story = 'withdrawn' AND r.cohort <= 2022 AND c.n IS NULL
           AND pg_temp.as_of() > '2024-08-01' AS was_started,
       greatest(r.created_at, all_of.changed_at, c.completed_at) AS changed_at
  FROM seed_records r
  LEFT JOIN LATERAL (SELECT * FROM seed_history h WHERE h.n = r.n AND h.kind <> 'joins later'
                      ORDER BY h.seq DESC LIMIT 1) now ON true
  LEFT JOIN (SELECT n, max(greatest(created_at, updated_at)) AS changed_at FROM seed_history GROUP BY n) all_of ON all_of.n = r.n
  LEFT JOIN seed_completed c ON c.n = r.n;
UPDATE seed_standing SET was_started = false WHERE was_early;
CREATE UNIQUE INDEX ON seed_standing (n);
ANALYZE seed_standing;

CREATE TEMPORARY TABLE seed_people ON COMMIT DROP AS
SELECT r.n, pg_temp.seed_uuid('user', r.n) AS id, r.full_name, r.email, r.trn, r.created_at,
       CASE WHEN r.was_merged AND x.merged_at < pg_temp.as_of() THEN x.merged_at END AS merged_at,
       greatest(s.changed_at, CASE WHEN r.was_merged AND x.merged_at < pg_temp.as_of() THEN x.merged_at END) AS changed_at
  FROM seed_records r
  JOIN (SELECT r.person, max(s.changed_at) AS changed_at FROM seed_standing s JOIN seed_records r ON r.n = s.n
         GROUP BY r.person) s ON s.person = r.n
 CROSS JOIN LATERAL (SELECT pg_temp.within_days((r.created_at + interval '12 days')::date, 'merged at', r.n, 10) AS merged_at) x
 WHERE r.person = r.n;

INSERT INTO users (id, full_name, email, created_at, updated_at)
SELECT id, full_name, email, created_at, changed_at FROM seed_people;

INSERT INTO participants (user_id, trn, date_of_birth, created_at, updated_at)
SELECT id, trn, date '1970-01-01' + pg_temp.draw('born', n, 11000), created_at, created_at FROM seed_people;

INSERT INTO identities (id, user_id, email, external_identifier, created_at, updated_at)
SELECT pg_temp.seed_uuid('identity', n), id, email, id, created_at, created_at FROM seed_people
 UNION ALL
SELECT pg_temp.seed_uuid('earlier identity', n), id, 'earlier.' || email, pg_temp.seed_uuid('earlier user', n), created_at,
       merged_at
  FROM seed_people WHERE merged_at IS NOT NULL;

INSERT INTO participant_id_changes (participant_id, from_participant_id, to_participant_id, created_at, updated_at)
SELECT id, pg_temp.seed_uuid('earlier user', n), id, merged_at, merged_at FROM seed_people WHERE merged_at IS NOT NULL;

INSERT INTO early_roll_out_mentors (trn, created_at, updated_at)
SELECT DISTINCT r.trn, timestamptz '2021-04-19 09:00:00Z', timestamptz '2021-04-19 09:00:00Z'
  FROM seed_standing s JOIN seed_records r ON r.n = s.n WHERE s.was_early;

INSERT INTO training_records (id, participant_id, kind, identity_id, school_id, cohort, schedule_cohort,
                              schedule_identifier, status, training_status, sparsity_uplift, pupil_premium_uplift,
                              induction_start_date, induction_completion_date, mentor_completion_date,
                              mentor_completion_reason, cohort_changed_after_payments_frozen, eligibility_status,
                              eligibility_reason, is_validated, validation_trn, validation_full_name,
                              validation_date_of_birth, created_at, updated_at)
SELECT pg_temp.seed_uuid('training record', r.n), pg_temp.seed_uuid('user', r.person), r.kind,
       pg_temp.seed_uuid('identity', r.person), school.id, s.cohort, s.schedule_cohort, s.schedule_identifier,
       CASE WHEN r.story = 'left by school' THEN 'withdrawn' ELSE 'active' END, s.training_status, r.is_sparse, r.has_premium,
       CASE WHEN r.kind = 'ect' AND r.eligibility_status = 'eligible' THEN make_date(r.cohort, 9, 1) END,
       CASE WHEN r.kind = 'ect' THEN s.completed_on END,
       CASE WHEN s.was_early THEN date '2021-04-19' WHEN s.was_started THEN date '2024-07-31'
            WHEN r.kind = 'mentor' THEN s.completed_on END,
       CASE WHEN s.was_early THEN 'completed_during_early_roll_out' WHEN s.was_started THEN 'started_not_completed'
            WHEN r.kind = 'mentor' AND s.completed_on IS NOT NULL THEN 'completed_declaration_received' END,
       r.story = 'moved cohort', r.eligibility_status, r.eligibility_reason, v.is_validated,
       CASE WHEN v.is_validated THEN CASE r.eligibility_reason WHEN 'different_trn' THEN reverse(r.trn) ELSE r.trn END END,
       CASE WHEN v.is_validated THEN r.full_name END,
       CASE WHEN v.is_validated THEN date '1970-01-01' + pg_temp.draw('born', r.person, 11000) END, r.created_at, s.changed_at
  FROM seed_records r
  JOIN seed_standing s ON s.n = r.n
  JOIN seed_schools school ON school.n = s.school
 CROSS JOIN LATERAL (SELECT r.eligibility_status IS NOT NULL AND r.trn IS NOT NULL AS is_validated) v;

INSERT INTO induction_records (id, training_record_id, programme_id, schedule_cohort, schedule_identifier, start_date,
                               end_date, training_status, induction_status, school_transfer, mentor_training_record_id,
                               preferred_identity_id, created_at, updated_at)
SELECT pg_temp.seed_uuid('induction record', h.n * 16 + h.seq), pg_temp.seed_uuid('training record', h.n), h.programme_id,
       h.schedule_cohort, h.schedule_identifier, h.at, h.end_date, h.training_status, h.induction_status, h.is_transfer,
       CASE WHEN h.mentor IS NOT NULL THEN pg_temp.seed_uuid('training record', h.mentor) END,
       pg_temp.seed_uuid('identity', r.person), h.created_at, h.updated_at
  FROM seed_history h
  JOIN seed_records r ON r.n = h.n;

INSERT INTO training_states (training_record_id, lead_provider_id, state, reason, created_at, updated_at)
SELECT pg_temp.seed_uuid('training record', r.n), NULL, 'active', NULL, r.created_at, r.created_at
  FROM seed_records r
 UNION ALL
SELECT pg_temp.seed_uuid('training record', s.n), p.id,
       CASE s.kind WHEN 'resumed' THEN 'deferred' WHEN 'resumed again' THEN 'active' ELSE s.kind END, s.reason, s.at, s.at
  FROM seed_said s
  JOIN seed_records r ON r.n = s.n
  JOIN seed_ring p ON p.place = r.provider;

INSERT INTO declarations (id, training_record_id, participant_id, lead_provider_id, declaration_type, declaration_date,
                          course_identifier, cohort, state, state_reason, evidence_held, delivery_partner_id, mentor_id,
                          superseded_by_id, pupil_premium_uplift, sparsity_uplift, created_at, updated_at)
SELECT pg_temp.seed_uuid('declaration', d.n), pg_temp.seed_uuid('training record', d.record),
       pg_temp.seed_uuid('user', r.person), p.id, d.declaration_type, d.declared_at,
       CASE d.kind WHEN 'ect' THEN 'ecf-induction' ELSE 'ecf-mentor' END, d.cohort, d.state,
       CASE WHEN d.state = 'ineligible' THEN 'duplicate' END, d.evidence_held, d.delivery_partner_id,
       CASE WHEN d.mentor IS NOT NULL THEN pg_temp.seed_uuid('user', m.person) END,
       CASE WHEN d.superseded_by IS NOT NULL THEN pg_temp.seed_uuid('declaration', d.superseded_by) END, d.has_premium,
       d.is_sparse, d.created_at, d.changed_at
  FROM seed_settled d
  JOIN seed_records r ON r.n = d.record
  JOIN seed_ring p ON p.place = d.provider
  LEFT JOIN seed_records m ON m.n = d.mentor;

INSERT INTO statement_line_items (id, statement_id, declaration_id, state, created_at, updated_at)
SELECT pg_temp.seed_uuid('line item', n), statement_id, pg_temp.seed_uuid('declaration', n), item_state, created_at,
       CASE WHEN clawback_state IS NULL THEN changed_at ELSE voided_at END
  FROM seed_settled WHERE item_state IS NOT NULL
 UNION ALL
SELECT pg_temp.seed_uuid('clawback item', n), clawback_statement_id, pg_temp.seed_uuid('declaration', n), clawback_state,
       voided_at, changed_at
  FROM seed_settled WHERE clawback_state IS NOT NULL;

INSERT INTO seed_runs (profile, seed, as_of)
VALUES (current_setting('cpd.profile'), current_setting('cpd.seed')::bigint, current_setting('cpd.as_of')::date);

-- What a change of schedule hangs on; one row. $1 lead provider, $2 participant id or NULL, $3 kind or NULL,
-- $4 schedule identifier or NULL, $5 cohort asked for or NULL, $6 now
WITH person AS (
    SELECT participant_of($2::uuid) AS id
), record AS (
    SELECT tr.* FROM person, acting_record($1, person.id, $3) tr
), latest AS (
    SELECT ir.*, ip.school_id, ip.cohort FROM record, provider_record($1, record.id, NULL) ir
      JOIN induction_programmes ip ON ip.id = ir.programme_id
), target AS (
    SELECT CASE WHEN $5::bigint IS NOT NULL THEN (SELECT c.start_year FROM cohorts c WHERE c.start_year = $5)
                ELSE coalesce((SELECT cohort FROM latest), (SELECT schedule_cohort FROM record),
                              (SELECT max(start_year) FROM cohorts WHERE registration_start_date <= $6::timestamptz))
           END AS cohort
), schedule AS (
    SELECT s.cohort, s.identifier FROM target JOIN schedules s ON s.cohort = target.cohort AND s.identifier = $4::text
), live AS (
    SELECT d.*, c.payments_frozen_at IS NOT NULL AS is_of_frozen_cohort
      FROM record JOIN declarations d ON d.training_record_id = record.id
      JOIN cohorts c ON c.start_year = d.cohort
     WHERE d.state IN ('submitted', 'eligible', 'payable', 'paid')
), charged AS (
    SELECT * FROM live WHERE state <> 'submitted'
)
SELECT person.id, record.id, latest.id, latest.training_status, record.kind, schedule.identifier IS NOT NULL,
       target.cohort, latest.schedule_cohort,
       coalesce((record.schedule_cohort, record.schedule_identifier) = (schedule.cohort, schedule.identifier), false),
       coalesce((latest.schedule_cohort, latest.schedule_identifier) = (schedule.cohort, schedule.identifier), false),
       EXISTS (SELECT FROM live),
       EXISTS (SELECT FROM live
                 LEFT JOIN milestones m ON m.cohort = schedule.cohort AND m.schedule_identifier = schedule.identifier
                                       AND m.declaration_type = live.declaration_type
                WHERE NOT (record.cohort_changed_after_payments_frozen AND live.is_of_frozen_cohort)
                  AND (m.declaration_type IS NULL
                       OR live.declaration_date <= m.start_date::timestamptz
                       OR live.declaration_date >= (m.milestone_date + 1)::timestamptz)),
       coalesce(record.kind = 'ect' AND (
           (target.cohort = 2024
            AND EXISTS (SELECT FROM cohorts c WHERE c.start_year = record.schedule_cohort AND c.payments_frozen_at IS NOT NULL)
            AND EXISTS (SELECT FROM charged WHERE declaration_type <> 'completed')
            AND NOT EXISTS (SELECT FROM charged WHERE declaration_type = 'completed')
            AND record.induction_completion_date IS NULL)
           OR (record.cohort_changed_after_payments_frozen
               AND EXISTS (SELECT FROM cohorts c WHERE c.start_year = target.cohort AND c.payments_frozen_at <= $6)
               AND NOT EXISTS (SELECT FROM live WHERE live.cohort = latest.schedule_cohort)
               AND EXISTS (SELECT FROM charged WHERE charged.cohort = target.cohort))), false),
       EXISTS (SELECT FROM partnerships p
                WHERE p.lead_provider_id = $1 AND p.school_id = latest.school_id AND p.cohort = target.cohort
                  AND NOT p.relationship AND NOT p.pending AND p.challenged_at IS NULL AND p.challenge_reason IS NULL),
       EXISTS (SELECT FROM partnerships p
                WHERE p.lead_provider_id = $1 AND p.school_id = latest.school_id AND p.cohort = target.cohort
                  AND p.relationship AND NOT p.pending AND p.challenged_at IS NULL AND p.challenge_reason IS NULL),
       sc.school_id IS NOT NULL, sc.default_programme_id, coalesce(record.cohort_changed_after_payments_frozen, false),
       latest.school_id
  FROM person
  LEFT JOIN record ON true
  LEFT JOIN latest ON true
  LEFT JOIN target ON true
  LEFT JOIN schedule ON true
  LEFT JOIN school_cohorts sc ON sc.school_id = latest.school_id AND sc.cohort = target.cohort;

-- One page of those that changed, in the order in which their people did.
-- $1 lead provider, $2 cohorts or NULL, $3 since, $4 limit, $5 offset
WITH page AS MATERIALIZED (
    SELECT training_record_id, schedule_cohort FROM flat_enrolments($1, $2::smallint[])
     WHERE participant_updated_at >= $3
     ORDER BY participant_updated_at, induction_record_id
     LIMIT $4 OFFSET $5
)
SELECT e.shown, e.validation_trn, e.record_updated_at, e.induction_record_id, e.participant_created_at, e.participant_updated_at
  FROM page
 CROSS JOIN LATERAL (SELECT * FROM provider_enrolments seen -- OFFSET 0: one index look-up a row, in every plan
                      WHERE seen.lead_provider_id = $1 AND seen.training_record_id = page.training_record_id
                        AND seen.schedule_cohort = page.schedule_cohort OFFSET 0) e
 ORDER BY e.participant_updated_at, e.induction_record_id;

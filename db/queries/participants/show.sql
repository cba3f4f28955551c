-- One participant, if the lead provider sees them and the filters let them through.
-- $1 lead provider, $2 participant, $3 cohorts or NULL, $4 training status or NULL, $5 since or NULL, $6 earlier id or NULL
WITH page AS (
    SELECT participant_id FROM provider_enrolments
     WHERE lead_provider_id = $1 AND participant_id = $2 AND is_latest
       AND is_cohort_wanted(schedule_cohort, $3::smallint[])
       AND ($4::text IS NULL OR training_status = $4)
       AND ($5::timestamptz IS NULL OR participant_updated_at >= $5)
       AND ($6::uuid IS NULL OR EXISTS (SELECT FROM participant_id_changes c
                                         WHERE c.participant_id = $2 AND c.from_participant_id = $6))
     LIMIT 1
)
SELECT e.shown
  FROM page
 CROSS JOIN LATERAL (SELECT * FROM provider_enrolments seen -- OFFSET 0: one index look-up a row, in every plan
                      WHERE seen.participant_id = page.participant_id AND seen.lead_provider_id = $1
                        AND seen.is_latest OFFSET 0) e
 ORDER BY e.first_trained_at, e.participant_id, e.training_record_created_at, e.training_record_id;

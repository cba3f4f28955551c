-- One page of the participants that a lead provider sees and that filters let through, in the order in which they were created.
-- $1 lead provider, $2 cohorts or NULL, $3 training status or NULL, $4 limit, $5 offset
WITH page AS MATERIALIZED (
    SELECT participant_created_at, participant_id FROM provider_enrolments
     WHERE lead_provider_id = $1 AND is_latest AND is_cohort_wanted(schedule_cohort, $2::smallint[])
       AND ($3::text IS NULL OR training_status = $3)
     GROUP BY participant_created_at, participant_id
     ORDER BY participant_created_at, participant_id
     LIMIT $4 OFFSET $5
), first AS (
    SELECT * FROM page ORDER BY participant_created_at, participant_id LIMIT 1
), last AS (
    SELECT * FROM page ORDER BY participant_created_at DESC, participant_id DESC LIMIT 1
)
SELECT e.shown
  FROM (SELECT * FROM provider_enrolments -- one range of the index, not a look-up a person
         WHERE lead_provider_id = $1 AND is_latest
           AND (participant_created_at, participant_id) >= ((SELECT participant_created_at FROM first), (SELECT participant_id FROM first))
           AND (participant_created_at, participant_id) <= ((SELECT participant_created_at FROM last), (SELECT participant_id FROM last))
         ORDER BY participant_created_at, participant_id OFFSET 0) e
 WHERE e.participant_id IN (SELECT participant_id FROM page)
 ORDER BY e.first_trained_at, e.participant_id, e.training_record_created_at, e.training_record_id;

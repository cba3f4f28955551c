-- Whom one page shows of the participants that a lead provider sees and that changed, in the order in which they were created.
-- Mostly nobody: so what is shown of them is another statement, rows.sql.
-- $1 lead provider, $2 cohorts or NULL, $3 training status or NULL, $4 since, $5 limit, $6 offset
SELECT participant_id FROM provider_enrolments
 WHERE lead_provider_id = $1 AND is_latest AND participant_updated_at >= $4
   AND is_cohort_wanted(schedule_cohort, $2::smallint[]) AND ($3::text IS NULL OR training_status = $3)
 GROUP BY participant_created_at, participant_id
 ORDER BY participant_created_at, participant_id
 LIMIT $5 OFFSET $6;

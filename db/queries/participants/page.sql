-- Enrolments from a place in the list of all participants that a lead provider sees, in the order in which they were
-- created: those of one page, and some behind them. Whether the enrolment is a reason to be on the list comes beside it.
-- $1 lead provider, $2 offset in participants, $3 limit in enrolments
WITH mark AS MATERIALIZED (
    SELECT place, participant_created_at, participant_id FROM provider_page_places
     WHERE $2::bigint > 0 AND lead_provider_id = $1 AND place <= $2
       AND position <= $2 + (SELECT count(*) FROM provider_page_changes WHERE lead_provider_id = $1 AND change < 0)
     ORDER BY position DESC LIMIT 1
), start AS MATERIALIZED (
    SELECT participant_created_at, participant_id FROM provider_enrolments
     WHERE lead_provider_id = $1 AND is_latest AND is_cohort_wanted(schedule_cohort, NULL)
       AND (participant_created_at, participant_id)
        >= (coalesce((SELECT participant_created_at FROM mark), '-infinity'),
            coalesce((SELECT participant_id FROM mark), '00000000-0000-0000-0000-000000000000'))
     GROUP BY participant_created_at, participant_id
     ORDER BY participant_created_at, participant_id
     LIMIT 1 OFFSET $2 - coalesce((SELECT place FROM mark), 0)
)
SELECT e.shown, is_cohort_wanted(e.schedule_cohort, NULL)
  FROM provider_enrolments e
 WHERE e.lead_provider_id = $1 AND e.is_latest
   AND (e.participant_created_at, e.participant_id)
    >= ((SELECT participant_created_at FROM start), (SELECT participant_id FROM start))
 ORDER BY e.participant_created_at, e.participant_id
 LIMIT $3;

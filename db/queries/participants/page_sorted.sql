-- One page of the participants that a lead provider sees, in any order and by any filter.
-- $1 lead provider, $2 cohorts or NULL, $3 training status or NULL, $4 since or NULL, $5 earlier id or NULL,
-- $6 $7 $8 sort keys or NULL, $9 limit, $10 offset
WITH found AS (
    SELECT DISTINCT participant_id, participant_created_at AS created_at, participant_updated_at AS updated_at
      FROM provider_enrolments
     WHERE lead_provider_id = $1 AND is_latest AND is_cohort_wanted(schedule_cohort, $2::smallint[])
       AND ($3::text IS NULL OR training_status = $3)
       AND ($4::timestamptz IS NULL OR participant_updated_at >= $4)
       AND ($5::uuid IS NULL OR participant_id IN (SELECT c.participant_id FROM participant_id_changes c
                                                    WHERE c.from_participant_id = $5))
), page AS MATERIALIZED (
    SELECT participant_id FROM found f
     ORDER BY sort_up($6, f.created_at, f.updated_at), sort_down($6, f.created_at, f.updated_at) DESC,
          sort_text_up($6, '{id}', ARRAY[f.participant_id::text]),
          sort_text_down($6, '{id}', ARRAY[f.participant_id::text]) DESC,
          sort_up($7, f.created_at, f.updated_at), sort_down($7, f.created_at, f.updated_at) DESC,
          sort_text_up($7, '{id}', ARRAY[f.participant_id::text]),
          sort_text_down($7, '{id}', ARRAY[f.participant_id::text]) DESC,
          sort_up($8, f.created_at, f.updated_at), sort_down($8, f.created_at, f.updated_at) DESC,
          sort_text_up($8, '{id}', ARRAY[f.participant_id::text]),
          sort_text_down($8, '{id}', ARRAY[f.participant_id::text]) DESC,
              CASE WHEN $6 IS NULL THEN f.created_at END, f.participant_id
     LIMIT $9 OFFSET $10
)
SELECT e.shown
  FROM page
 CROSS JOIN LATERAL (SELECT * FROM provider_enrolments seen -- OFFSET 0: one index look-up a row, in every plan
                      WHERE seen.participant_id = page.participant_id AND seen.lead_provider_id = $1
                        AND seen.is_latest OFFSET 0) e
 ORDER BY e.first_trained_at, e.participant_id, e.training_record_created_at, e.training_record_id;

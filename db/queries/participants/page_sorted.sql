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
SELECT e.participant_id, e.full_name, e.trn, e.shown_updated_at, e.has_id_changes, e.training_record_id, e.email, e.mentor_id,
       e.school_urn, e.kind, e.cohort, e.training_status, e.induction_status, e.start_date, e.end_date,
       e.is_trn_validated, e.is_eligible_for_funding, e.pupil_premium_uplift, e.sparsity_uplift, e.schedule_identifier,
       e.delivery_partner_id, e.state_reason, e.state_at, e.training_record_created_at, e.induction_completion_date,
       e.mentor_completion_date, e.cohort_changed_after_payments_frozen, e.mentor_completion_reason
  FROM page
 CROSS JOIN LATERAL (SELECT * FROM provider_enrolments seen -- OFFSET 0: one index look-up a row, in every plan
                      WHERE seen.participant_id = page.participant_id AND seen.lead_provider_id = $1
                        AND seen.is_latest OFFSET 0) e
 ORDER BY e.first_trained_at, e.participant_id, e.training_record_created_at, e.training_record_id;

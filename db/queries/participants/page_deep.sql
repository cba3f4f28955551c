-- One page, far behind the first, of all participants that a lead provider sees; as page.sql, but from the nearest mark.
-- $1 lead provider, $2 limit, $3 offset
WITH start AS MATERIALIZED (
    SELECT place, participant_created_at, participant_id FROM provider_page_places
     WHERE lead_provider_id = $1 AND place <= $3
       AND position <= $3 + (SELECT count(*) FROM provider_page_changes WHERE lead_provider_id = $1 AND change < 0)
     ORDER BY position DESC LIMIT 1
), page AS MATERIALIZED (
    SELECT participant_created_at, participant_id FROM provider_enrolments
     WHERE lead_provider_id = $1 AND is_latest AND is_cohort_wanted(schedule_cohort, NULL)
       AND (participant_created_at, participant_id)
        >= (coalesce((SELECT participant_created_at FROM start), '-infinity'),
            coalesce((SELECT participant_id FROM start), '00000000-0000-0000-0000-000000000000'))
     GROUP BY participant_created_at, participant_id
     ORDER BY participant_created_at, participant_id
     LIMIT $2 OFFSET $3 - coalesce((SELECT place FROM start), 0)
), first AS (
    SELECT * FROM page ORDER BY participant_created_at, participant_id LIMIT 1
), last AS (
    SELECT * FROM page ORDER BY participant_created_at DESC, participant_id DESC LIMIT 1
)
SELECT e.participant_id, e.full_name, e.trn, e.shown_updated_at, e.has_id_changes, e.training_record_id, e.email, e.mentor_id,
       e.school_urn, e.kind, e.cohort, e.training_status, e.induction_status, e.start_date, e.end_date,
       e.is_trn_validated, e.is_eligible_for_funding, e.pupil_premium_uplift, e.sparsity_uplift, e.schedule_identifier,
       e.delivery_partner_id, e.state_reason, e.state_at, e.training_record_created_at, e.induction_completion_date,
       e.mentor_completion_date, e.cohort_changed_after_payments_frozen, e.mentor_completion_reason
  FROM (SELECT * FROM provider_enrolments -- one range of the index, not a look-up a person
         WHERE lead_provider_id = $1 AND is_latest
           AND (participant_created_at, participant_id) >= ((SELECT participant_created_at FROM first), (SELECT participant_id FROM first))
           AND (participant_created_at, participant_id) <= ((SELECT participant_created_at FROM last), (SELECT participant_id FROM last))
         ORDER BY participant_created_at, participant_id OFFSET 0) e
 WHERE e.participant_id IN (SELECT participant_id FROM page)
 ORDER BY e.first_trained_at, e.participant_id, e.training_record_created_at, e.training_record_id;

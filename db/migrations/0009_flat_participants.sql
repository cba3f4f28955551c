-- Versions 1 and 2 list training records, not people, and may show an older one within a cohort.
CREATE INDEX provider_enrolments_flat_by_creation ON provider_enrolments
    (lead_provider_id, participant_created_at, induction_record_id)
    INCLUDE (training_record_id, schedule_cohort, is_latest);
CREATE INDEX provider_enrolments_flat_by_update ON provider_enrolments
    (lead_provider_id, participant_updated_at, induction_record_id)
    INCLUDE (training_record_id, schedule_cohort, is_latest);

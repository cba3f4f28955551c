-- One page of the participants that a lead provider sees, from the normalised tables: a row an enrolment.
-- $1 lead provider, $2 limit, $3 offset
WITH page AS MATERIALIZED (
    SELECT u.user_id AS id FROM participants u
     WHERE EXISTS (SELECT FROM training_records tr
                     JOIN induction_records ir ON ir.training_record_id = tr.id
                     JOIN induction_programmes ip ON ip.id = ir.programme_id
                     JOIN partnerships p ON p.id = ip.partnership_id
                    WHERE tr.participant_id = u.user_id AND p.lead_provider_id = $1 AND ir.schedule_cohort > 2020
                      AND p.challenged_at IS NULL AND p.challenge_reason IS NULL)
     ORDER BY u.created_at, u.user_id
     LIMIT $2 OFFSET $3
)
SELECT u.id, u.full_name, pa.trn,
       greatest(u.updated_at,
                (SELECT max(i.updated_at) FROM identities i WHERE i.user_id = u.id),
                (SELECT max(tr.updated_at) FROM training_records tr WHERE tr.participant_id = u.id),
                (SELECT max(ir.updated_at) FROM training_records tr
                   JOIN induction_records ir ON ir.training_record_id = tr.id
                  WHERE tr.participant_id = u.id)) AS updated_at,
       EXISTS (SELECT FROM participant_id_changes c WHERE c.participant_id = u.id) AS has_id_changes,
       tr.id AS training_record_id, coalesce(nullif(btrim(preferred.email), ''), u.email) AS email,
       CASE WHEN tr.kind = 'ect' THEN mentor.user_id END AS mentor_id, s.urn AS school_urn, tr.kind, v.cohort,
       v.training_status, v.induction_status, v.start_date, v.end_date,
       CASE WHEN coalesce(pa.trn, tr.validation_trn) IS NOT NULL
            THEN coalesce(tr.eligibility_reason <> 'different_trn', false) END AS is_trn_validated,
       CASE tr.eligibility_status WHEN 'eligible' THEN true WHEN 'ineligible' THEN false END AS is_eligible,
       tr.pupil_premium_uplift, tr.sparsity_uplift, v.schedule_identifier, v.delivery_partner_id,
       said.reason AS state_reason, said.created_at AS state_at, tr.created_at, tr.induction_completion_date::text,
       tr.mentor_completion_date::text, tr.cohort_changed_after_payments_frozen, tr.mentor_completion_reason
  FROM page
  JOIN users u ON u.id = page.id
  JOIN participants pa ON pa.user_id = page.id
  JOIN training_records tr ON tr.participant_id = page.id
 CROSS JOIN LATERAL (
       SELECT ir.*, ip.school_id, ip.cohort, p.delivery_partner_id
         FROM induction_records ir
         JOIN induction_programmes ip ON ip.id = ir.programme_id
         JOIN partnerships p ON p.id = ip.partnership_id
        WHERE ir.training_record_id = tr.id AND p.lead_provider_id = $1
          AND p.challenged_at IS NULL AND p.challenge_reason IS NULL
        ORDER BY ir.end_date IS NOT NULL, ir.start_date DESC, ir.end_date DESC, ir.created_at DESC, ir.id
        LIMIT 1) v
  JOIN schools s ON s.id = v.school_id
  LEFT JOIN identities preferred ON preferred.id = v.preferred_identity_id
  LEFT JOIN training_records mentor_record ON mentor_record.id = v.mentor_training_record_id
  LEFT JOIN identities mentor ON mentor.id = mentor_record.identity_id
  LEFT JOIN LATERAL (
       SELECT ts.reason, ts.created_at FROM training_states ts
        WHERE ts.training_record_id = tr.id AND ts.lead_provider_id = $1
          AND ts.state = v.training_status AND v.training_status <> 'active'
        ORDER BY ts.created_at DESC LIMIT 1) said ON true
 ORDER BY (SELECT min(first.created_at) FROM training_records first
            WHERE first.participant_id = u.id
              AND EXISTS (SELECT FROM induction_records ir WHERE ir.training_record_id = first.id)),
          u.id, tr.created_at, tr.id

-- Declarations with their places on statements, as records.
SELECT 'declaration' AS type, d.id, d.training_record_id, d.lead_provider_id, d.declaration_type,
       export_instant(d.declaration_date) AS declaration_date, d.course_identifier, d.cohort, d.state,
       d.state_reason, d.evidence_held, d.delivery_partner_id, d.mentor_id, d.superseded_by_id,
       d.pupil_premium_uplift, d.sparsity_uplift,
       (SELECT li.statement_id FROM statement_line_items li
         WHERE li.declaration_id = d.id AND li.state NOT IN ('awaiting_clawback', 'clawed_back')
         ORDER BY li.state NOT IN ('eligible', 'payable', 'paid'), li.created_at DESC, li.id LIMIT 1) AS statement_id,
       (SELECT li.statement_id FROM statement_line_items li
         WHERE li.declaration_id = d.id AND li.state IN ('awaiting_clawback', 'clawed_back')) AS clawback_statement_id,
       export_instant(d.created_at) AS created_at, export_instant(d.updated_at) AS updated_at
  FROM declarations d
 WHERE export_wants('participant', d.participant_id)
 ORDER BY d.id;

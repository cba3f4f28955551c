-- One page of the declarations that a lead provider sees, from the normalised tables: its own, and another's while it
-- may be paid and the provider trains, or trained, the participant. $1 lead provider, $2 limit, $3 offset
WITH page AS MATERIALIZED (
    SELECT d.id FROM declarations d
     WHERE d.lead_provider_id = $1
        OR (d.state IN ('submitted', 'eligible', 'payable', 'paid')
            AND EXISTS (SELECT FROM induction_records ir
                          JOIN induction_programmes ip ON ip.id = ir.programme_id
                          JOIN partnerships p ON p.id = ip.partnership_id
                         WHERE ir.training_record_id = d.training_record_id AND p.lead_provider_id = $1
                           AND (ir.induction_status IN ('active', 'completed')
                                OR (ir.induction_status = 'leaving'
                                    AND (ir.end_date IS NULL OR d.declaration_date <= ir.end_date)))))
     ORDER BY d.created_at, d.id
     LIMIT $2 OFFSET $3
)
SELECT d.id, d.participant_id, d.declaration_type, d.course_identifier, d.declaration_date, d.mentor_id, d.state,
       d.updated_at, d.created_at, d.delivery_partner_id, d.state_reason, d.evidence_held,
       d.pupil_premium_uplift OR d.sparsity_uplift AS has_uplift, lp.cpd_name,
       (SELECT li.statement_id FROM statement_line_items li
         WHERE li.declaration_id = d.id AND li.state IN ('eligible', 'payable', 'paid')) AS statement_id,
       (SELECT li.statement_id FROM statement_line_items li
         WHERE li.declaration_id = d.id AND li.state IN ('awaiting_clawback', 'clawed_back')) AS clawback_statement_id
  FROM page
  JOIN declarations d ON d.id = page.id
  JOIN lead_providers lp ON lp.id = d.lead_provider_id
 ORDER BY d.created_at, d.id

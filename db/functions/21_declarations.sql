-- What is shown of a declaration, as shown_enrolment() says; but for the name of the provider who made it.
CREATE OR REPLACE FUNCTION shown_declaration(d provider_declarations) RETURNS bytea LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN record_send(ROW(
        d.declaration_id, d.participant_id, shown_text(d.declaration_type), shown_text(d.course_identifier),
        d.declaration_date, d.mentor_id, shown_text(d.state), d.updated_at, d.created_at, d.delivery_partner_id,
        d.statement_id, d.clawback_statement_id, shown_text(d.state_reason), d.has_uplift, shown_text(d.evidence_held)));
END
$$;

-- Which declarations a lead provider sees: contract v3.md section 3.8.1 and v1-v2.md section 4.1. Its own in
-- every state; another's while it may be paid and the provider trains, or trained, the participant. v3 admits
-- records that are leaving, v1 and v2 do not. This is the only place where the rule stands.
CREATE OR REPLACE FUNCTION declarations_of(participant_ids uuid[]) RETURNS SETOF provider_declarations
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
DECLARE
    declaration provider_declarations;
BEGIN
    FOR declaration IN
    WITH seen AS (
        SELECT d.lead_provider_id AS viewer_id, d.id AS declaration_id, true AS in_v1
          FROM declarations d
         WHERE d.participant_id = ANY (participant_ids)
        UNION ALL
        SELECT p.lead_provider_id, d.id, ir.induction_status IN ('active', 'completed')
          FROM declarations d
          JOIN induction_records ir ON ir.training_record_id = d.training_record_id
          JOIN induction_programmes ip ON ip.id = ir.programme_id
          JOIN partnerships p ON p.id = ip.partnership_id
         WHERE d.participant_id = ANY (participant_ids)
           AND p.lead_provider_id <> d.lead_provider_id
           AND d.state IN ('submitted', 'eligible', 'payable', 'paid')
           AND (ir.induction_status IN ('active', 'completed')
                OR (ir.induction_status = 'leaving'
                    AND (ir.end_date IS NULL OR d.declaration_date <= ir.end_date)))
    ), viewers AS MATERIALIZED (
        SELECT viewer_id, declaration_id, bool_or(seen.in_v1) AS in_v1 FROM seen GROUP BY viewer_id, declaration_id
    )
    SELECT v.viewer_id, d.id, d.lead_provider_id = v.viewer_id, v.in_v1, d.participant_id, d.training_record_id,
           d.lead_provider_id, d.declaration_type, d.course_identifier, d.declaration_date, d.mentor_id, d.state,
           d.created_at, d.updated_at, d.cohort, d.delivery_partner_id,
           (SELECT li.statement_id FROM statement_line_items li
             WHERE li.declaration_id = d.id AND li.state IN ('eligible', 'payable', 'paid')),
           (SELECT li.statement_id FROM statement_line_items li
             WHERE li.declaration_id = d.id AND li.state IN ('awaiting_clawback', 'clawed_back')),
           d.state_reason, d.pupil_premium_uplift OR d.sparsity_uplift, d.evidence_held, NULL AS shown
      FROM viewers v
      JOIN declarations d ON d.id = v.declaration_id
    LOOP
        declaration.shown := shown_declaration(declaration);
        RETURN NEXT declaration;
    END LOOP;
END
$$;

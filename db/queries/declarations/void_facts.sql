-- All that decides on a void; no row if the declaration is not the provider's own. $1 lead provider, $2 declaration, $3 now
SELECT d.state, d.cohort, next_statement($1, d.cohort, $3), d.training_record_id, d.declaration_type, tr.kind,
       EXISTS (SELECT FROM statement_line_items li
                WHERE li.declaration_id = d.id AND li.state IN ('awaiting_clawback', 'clawed_back')),
       tr.mentor_completion_date, tr.mentor_completion_reason,
       EXISTS (SELECT FROM participants p JOIN early_roll_out_mentors e ON e.trn = p.trn
                WHERE p.user_id = d.participant_id),
       (SELECT max(other.declaration_date) FROM declarations other
         WHERE other.training_record_id = d.training_record_id AND other.declaration_type = 'completed'
           AND other.state IN ('submitted', 'eligible', 'payable', 'paid') AND other.id <> d.id)
  FROM declarations d JOIN training_records tr ON tr.id = d.training_record_id
 WHERE d.id = $2 AND d.lead_provider_id = $1;

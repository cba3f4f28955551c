-- Which rows of the projections belong to nobody?
SELECT 'provider_enrolments', e.lead_provider_id, e.training_record_id, 'should not be there: no such participant'
  FROM provider_enrolments e
 WHERE NOT EXISTS (SELECT FROM participants p WHERE p.user_id = e.participant_id)
 UNION ALL
SELECT 'provider_declarations', d.lead_provider_id, d.declaration_id, 'should not be there: no such participant'
  FROM provider_declarations d
 WHERE NOT EXISTS (SELECT FROM participants p WHERE p.user_id = d.participant_id);

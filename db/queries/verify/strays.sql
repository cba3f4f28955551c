-- Which rows of the projections belong to nobody, and which marks of deep pages stand in a wrong place?
SELECT 'provider_enrolments', e.lead_provider_id, e.training_record_id, 'should not be there: no such participant'
  FROM provider_enrolments e
 WHERE NOT EXISTS (SELECT FROM participants p WHERE p.user_id = e.participant_id)
 UNION ALL
SELECT 'provider_declarations', d.lead_provider_id, d.declaration_id, 'should not be there: no such participant'
  FROM provider_declarations d
 WHERE NOT EXISTS (SELECT FROM participants p WHERE p.user_id = d.participant_id)
 UNION ALL
SELECT 'provider_transfers', t.lead_provider_id, t.participant_id, 'should not be there: no such participant'
  FROM provider_transfers t
 WHERE NOT EXISTS (SELECT FROM participants p WHERE p.user_id = t.participant_id)
 UNION ALL
SELECT 'provider_unfunded_mentors', m.lead_provider_id, m.training_record_id, 'should not be there: no such training record'
  FROM provider_unfunded_mentors m
 WHERE NOT EXISTS (SELECT FROM training_records tr WHERE tr.id = m.training_record_id)
 UNION ALL
SELECT 'provider_page_marks', lead_provider_id, participant_id, 'is out of place'
  FROM (SELECT entry.*, count(*) FILTER (WHERE place IS NULL) OVER (
                   PARTITION BY lead_provider_id ORDER BY participant_created_at, participant_id, place
                   ROWS UNBOUNDED PRECEDING) AS people_before
          FROM (SELECT lead_provider_id, participant_created_at, participant_id, place FROM provider_page_places
                 UNION ALL
                SELECT DISTINCT lead_provider_id, participant_created_at, participant_id, NULL::numeric
                  FROM provider_enrolments WHERE is_latest AND is_cohort_wanted(schedule_cohort, NULL)) entry) counted
 WHERE place <> people_before;

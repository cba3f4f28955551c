-- All that decides on a declaration; one row. Participants are locked before, by a statement of its own.
-- $1 lead provider, $2 participant id or NULL, $3 kind or NULL, $4 course, $5 type, $6 date or NULL, $7 now
WITH person AS (
    SELECT participant_of($2::uuid) AS id
), record AS (
    SELECT tr.* FROM person, acting_record($1, person.id, $3) tr
), dated AS (
    SELECT ir.training_status, p.delivery_partner_id, mentor.participant_id AS mentor_id
      FROM record, provider_record($1, record.id, $6::timestamptz) ir
      JOIN induction_programmes ip ON ip.id = ir.programme_id
      JOIN partnerships p ON p.id = ip.partnership_id
      LEFT JOIN training_records mentor ON mentor.id = ir.mentor_training_record_id
     WHERE $6 IS NOT NULL
), said AS (
    SELECT ts.state, ts.created_at FROM record
      JOIN training_states ts ON ts.training_record_id = record.id AND ts.lead_provider_id = $1
     ORDER BY ts.created_at DESC LIMIT 1
), taken AS (
    SELECT d.* FROM person JOIN declarations d ON d.participant_id = person.id
     WHERE d.course_identifier = $4::text AND d.declaration_type = $5::text
       AND d.state IN ('submitted', 'eligible', 'payable', 'paid')
), identical AS (
    SELECT taken.state FROM taken JOIN record ON record.id = taken.training_record_id
     WHERE taken.lead_provider_id = $1 AND taken.declaration_date = $6
)
SELECT person.id, record.id, record.kind, record.schedule_cohort, coalesce(record.eligibility_status = 'eligible', false),
       record.pupil_premium_uplift, record.sparsity_uplift, record.mentor_completion_date,
       record.mentor_completion_reason, m.declaration_type IS NOT NULL, m.start_date, m.milestone_date,
       coalesce(c.mentor_funding, false), c.detailed_evidence_types, next_statement($1, record.schedule_cohort, $7),
       EXISTS (SELECT FROM taken), (SELECT state FROM identical LIMIT 1),
       said.state, said.created_at, EXISTS (SELECT FROM dated), dated.training_status, dated.delivery_partner_id,
       CASE WHEN record.kind = 'ect' THEN dated.mentor_id END,
       EXISTS (SELECT FROM induction_records ir
                 JOIN induction_programmes ip ON ip.id = ir.programme_id
                 JOIN partnerships p ON p.id = ip.partnership_id
                WHERE ir.training_record_id = record.id AND p.lead_provider_id = $1
                  AND ir.schedule_cohort = record.schedule_cohort
                  AND ir.schedule_identifier = record.schedule_identifier),
       (SELECT d.id FROM participants me
          JOIN participants other ON other.trn = me.trn AND other.user_id <> me.user_id
          JOIN declarations d ON d.participant_id = other.user_id
         WHERE me.user_id = person.id AND d.course_identifier = $4 AND d.declaration_type = $5
           AND d.state IN ('submitted', 'eligible', 'payable', 'paid') AND d.superseded_by_id IS NULL
         ORDER BY d.created_at, d.id LIMIT 1),
       er.rule, array_to_string(er.allowed_values, ' '),
       EXISTS (SELECT FROM participants p JOIN early_roll_out_mentors e ON e.trn = p.trn WHERE p.user_id = person.id),
       (SELECT max(d.declaration_date) FROM declarations d
         WHERE d.training_record_id = record.id AND d.declaration_type = 'completed'
           AND d.state IN ('submitted', 'eligible', 'payable', 'paid'))
  FROM person
  LEFT JOIN record ON true
  LEFT JOIN milestones m ON m.cohort = record.schedule_cohort AND m.schedule_identifier = record.schedule_identifier
                        AND m.declaration_type = $5
  LEFT JOIN cohorts c ON c.start_year = record.schedule_cohort
  LEFT JOIN evidence_rules er ON er.detailed_evidence_types = c.detailed_evidence_types AND er.kind = record.kind
                             AND er.declaration_type = $5
  LEFT JOIN dated ON true
  LEFT JOIN said ON true;

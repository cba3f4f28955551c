-- What a run asks for and writes: a provider without data, ready-made documents, unused slots of declarations,
-- declarations to void, participants to put on another schedule. Variables: provider, day.
INSERT INTO lead_providers (name, cpd_name, ecf, npq) VALUES ('Bench Nobody', 'Bench Nobody', true, false);

CREATE TABLE bench_documents (lead_provider_id uuid, place integer, document text, PRIMARY KEY (lead_provider_id, place));

-- Of an ECT who trains, each milestone that has begun and that nobody has declared.
CREATE TABLE bench_slots AS
SELECT row_number() OVER (ORDER BY md5(e.training_record_id::text || m.declaration_type))::integer AS n,
       gen_random_uuid() AS id, e.participant_id, e.training_record_id, m.declaration_type,
       to_char(d.declared_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS declared_at, e.schedule_cohort AS cohort,
       coalesce(er.allowed_values[1], '') AS evidence, e.delivery_partner_id, e.mentor_id,
       next_statement(:'provider', e.schedule_cohort, (:'day' || 'T12:00:00Z')::timestamptz) AS statement_id
  FROM provider_enrolments e
  JOIN training_records tr ON tr.id = e.training_record_id AND tr.schedule_cohort = e.schedule_cohort
                          AND tr.schedule_identifier = e.schedule_identifier
  JOIN cohorts c ON c.start_year = e.schedule_cohort AND c.payments_frozen_at IS NULL
  JOIN milestones m ON m.cohort = e.schedule_cohort AND m.schedule_identifier = e.schedule_identifier
  LEFT JOIN evidence_rules er ON er.detailed_evidence_types = c.detailed_evidence_types AND er.kind = e.kind
                             AND er.declaration_type = m.declaration_type
 CROSS JOIN LATERAL (
       SELECT greatest(m.start_date::timestamptz, e.start_date) + interval '25 hours' AS declared_at) d
 WHERE e.lead_provider_id = :'provider' AND e.is_latest AND e.kind = 'ect' AND e.mentor_id IS NOT NULL
   AND e.delivery_partner_id IS NOT NULL AND e.training_status = 'active' AND e.induction_status = 'active'
   AND e.end_date IS NULL AND tr.status = 'active' AND tr.training_status = 'active'
   AND tr.eligibility_status = 'eligible'
   AND d.declared_at < (:'day')::timestamptz
   AND d.declared_at < coalesce(m.milestone_date::timestamptz, 'infinity')
   AND NOT EXISTS (SELECT FROM declarations taken
                    WHERE taken.participant_id = e.participant_id AND taken.declaration_type = m.declaration_type
                      AND taken.state IN ('submitted', 'eligible', 'payable', 'paid'))
   AND NOT EXISTS (SELECT FROM participants me JOIN participants twin ON twin.trn = me.trn AND twin.user_id <> me.user_id
                    WHERE me.user_id = e.participant_id);

CREATE TABLE bench_voids AS
SELECT row_number() OVER (ORDER BY md5(d.id::text))::integer AS n, d.id
  FROM declarations d
 WHERE d.lead_provider_id = :'provider' AND d.state IN ('submitted', 'eligible', 'payable')
   AND d.declaration_type <> 'completed';

-- Between the two schedules that nearly all are on; without declarations that would stand in the way.
CREATE TABLE bench_schedules AS
SELECT row_number() OVER (ORDER BY md5(e.training_record_id::text))::integer AS n, e.participant_id, e.kind,
       e.training_record_id, e.induction_record_id, e.schedule_cohort AS cohort, s.id AS school_id,
       CASE e.schedule_identifier WHEN 'ecf-standard-september' THEN 'ecf-standard-january'
                                  ELSE 'ecf-standard-september' END AS schedule
  FROM provider_enrolments e
  JOIN schools s ON s.urn = e.school_urn
 WHERE e.lead_provider_id = :'provider' AND e.is_latest AND e.training_status = 'active' AND e.end_date IS NULL
   AND e.induction_status = 'active'
   AND e.schedule_identifier IN ('ecf-standard-september', 'ecf-standard-january')
   AND e.cohort = e.schedule_cohort
   AND NOT EXISTS (SELECT FROM declarations d
                    WHERE d.training_record_id = e.training_record_id
                      AND d.state IN ('submitted', 'eligible', 'payable', 'paid'));

-- A declaration that the row before has made would stand in the way of the other schedule, and rightly so.
DELETE FROM bench_slots
 WHERE statement_id IS NULL OR participant_id IN (SELECT participant_id FROM bench_schedules);
UPDATE bench_slots SET n = place.n
  FROM (SELECT id, row_number() OVER (ORDER BY n)::integer AS n FROM bench_slots) place WHERE place.id = bench_slots.id;
ALTER TABLE bench_slots ADD PRIMARY KEY (n);
ALTER TABLE bench_voids ADD PRIMARY KEY (n);
ALTER TABLE bench_schedules ADD PRIMARY KEY (n);
ANALYZE bench_slots, bench_voids, bench_schedules;

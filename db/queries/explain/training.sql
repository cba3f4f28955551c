-- Why does a lead provider see a person's training, or not (contract v3.md sections 2, 3.5 to 3.7)? One line a rule,
-- passed, failed or (NULL) told as a fact. The verdict is that of enrolments_of(), and of what is stored.
-- $1 lead provider, $2 participant or NULL, $3 training record or NULL
WITH records AS (
    SELECT tr.id, tr.participant_id, tr.kind, tr.created_at FROM training_records tr
     WHERE tr.participant_id = $2::uuid OR tr.id = $3::uuid
), histories AS (
    SELECT tr.id AS record, tr.created_at AS record_created_at, ir.id, ir.created_at, ir.induction_status,
           ir.school_transfer, p.id AS partnership, coalesce(p.lead_provider_id = $1::uuid, false) AS is_mine,
           p.challenged_at IS NULL AND p.challenge_reason IS NULL AS is_unchallenged
      FROM records tr
      JOIN induction_records ir ON ir.training_record_id = tr.id
      JOIN induction_programmes ip ON ip.id = ir.programme_id
      LEFT JOIN partnerships p ON p.id = ip.partnership_id
), expected AS (
    SELECT e.* FROM records r
      JOIN enrolments_of(ARRAY(SELECT DISTINCT participant_id FROM records)) e ON e.training_record_id = r.id
     WHERE e.lead_provider_id = $1::uuid
), stored AS (
    SELECT e.* FROM records r
      JOIN provider_enrolments e ON e.training_record_id = r.id
     WHERE e.lead_provider_id = $1::uuid
), lines AS (
    SELECT id AS record, created_at AS at, 0 AS place, NULL::uuid AS history, 0 AS line, NULL::boolean AS passes,
           'training record ' || id || ' (' || kind || ')' AS said
      FROM records
     UNION ALL
    SELECT h.record, h.record_created_at, 1 + row_number() OVER (PARTITION BY h.record ORDER BY h.created_at, h.id),
           h.id, l.line, l.passes, l.said
      FROM histories h
     CROSS JOIN LATERAL (VALUES
           (1, h.partnership IS NOT NULL,
               'induction record ' || h.id || ' (' || h.induction_status || ') belongs to a partnership'),
           (2, h.is_mine, 'that partnership is with this lead provider'),
           (3, h.partnership IS NOT NULL AND h.is_unchallenged, 'that partnership is not challenged')) l (line, passes, said)
     UNION ALL
    SELECT r.id, r.created_at, 1000, NULL, 1, EXISTS (SELECT FROM expected e WHERE e.training_record_id = r.id),
           'so the lead provider sees the training record' FROM records r
     UNION ALL
    SELECT e.training_record_id, e.training_record_created_at, 1001, NULL, e.schedule_cohort, NULL,
           'of schedule cohort ' || e.schedule_cohort || ' it sees induction record ' || e.induction_record_id
           || CASE WHEN e.is_latest THEN ', the newest of all, which v3 shows' ELSE '' END
      FROM expected e
     UNION ALL
    SELECT e.training_record_id, e.training_record_created_at, 1002, NULL, 1, e.schedule_cohort > 2020,
           'the cohort of that schedule is after 2020, so that lists show it without a cohort filter'
      FROM expected e WHERE e.is_latest
     UNION ALL
    SELECT r.id, r.created_at, 1003, NULL, 1,
           NOT EXISTS (SELECT FROM expected e FULL JOIN stored s USING (training_record_id, schedule_cohort)
                        WHERE training_record_id = r.id AND e IS DISTINCT FROM s),
           'the stored projection says the same' FROM records r
     UNION ALL
    SELECT r.id, r.created_at, 1004, NULL, 1,
           EXISTS (SELECT FROM histories h WHERE h.record = r.id AND h.is_mine
                      AND (h.school_transfer OR h.induction_status = 'leaving')),
           'transfers: an induction record with this lead provider is a transfer or leaving' FROM records r
     UNION ALL
    SELECT r.id, r.created_at, 1004, NULL, 2,
           EXISTS (SELECT FROM histories h WHERE h.record = r.id AND h.induction_status = 'leaving'),
           'transfers: some induction record is leaving' FROM records r
     UNION ALL
    SELECT r.id, r.created_at, 1005, NULL, 1,
           EXISTS (SELECT FROM provider_enrolments e
                    WHERE e.lead_provider_id = $1::uuid AND e.is_latest AND e.mentor_training_record_id = r.id),
           'unfunded mentors: named as mentor of somebody whom the lead provider trains'
      FROM records r WHERE r.kind = 'mentor'
     UNION ALL
    SELECT r.id, r.created_at, 1005, NULL, 2,
           NOT EXISTS (SELECT FROM provider_enrolments e
                        WHERE e.lead_provider_id = $1::uuid AND e.training_record_id = r.id),
           'unfunded mentors: not trained by the lead provider itself'
      FROM records r WHERE r.kind = 'mentor'
)
SELECT passes, said FROM lines ORDER BY at, record, place, history, line;

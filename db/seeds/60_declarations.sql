-- What was declared for whom, and what became of it by the day: which statement took it, whether that has been paid,
-- what was voided or clawed back (contract rules.md sections 2 and 6).

-- In which days each type is declared, one after the other.
CREATE TEMPORARY TABLE seed_windows ON COMMIT DROP AS
WITH ordered AS (
    SELECT m.cohort, m.schedule_identifier, e.kind, m.declaration_type, m.start_date, m.milestone_date, e.rule,
           e.allowed_values,
           CASE WHEN m.declaration_type = 'started' THEN 1 WHEN m.declaration_type LIKE 'retained-%' THEN 2
                WHEN m.declaration_type LIKE 'extended-%' THEN 3 ELSE 4 END AS phase
      FROM milestones m
      JOIN cohorts c ON c.start_year = m.cohort
      JOIN evidence_rules e ON (e.detailed_evidence_types, e.declaration_type) = (c.detailed_evidence_types, m.declaration_type)
), placed AS (
    SELECT *, row_number() OVER schedule AS position, lag(milestone_date) OVER schedule AS earlier_end
      FROM ordered
    WINDOW schedule AS (PARTITION BY cohort, schedule_identifier, kind ORDER BY phase, declaration_type)
)
SELECT cohort, schedule_identifier, kind, declaration_type, position, rule, allowed_values,
       CASE WHEN milestone_date IS NULL THEN start_date + 85 * (position - 1)::integer
            ELSE greatest(start_date, earlier_end + 1) END AS opens,
       CASE WHEN milestone_date IS NULL THEN 60
            ELSE least(60, milestone_date - greatest(start_date, earlier_end + 1)) END AS days
  FROM placed;
CREATE UNIQUE INDEX ON seed_windows (cohort, schedule_identifier, kind, position);
ANALYZE seed_windows;

INSERT INTO seed_declared (n, record, declaration_type, declared_at, created_at, fate)
SELECT x.n, x.record, x.declaration_type, x.declared_at, x.created_at,
       CASE WHEN pg_temp.draw('fate', x.n, 100) < 5 THEN 'voided'
            WHEN pg_temp.draw('fate', x.n, 100) < 9 THEN 'clawed back' ELSE 'kept' END
  FROM (SELECT r.n * 32 + w.position * 2 AS n, r.n AS record, w.declaration_type, r.story, r.event_at, d.declared_at,
               pg_temp.within_days((greatest(d.declared_at, r.created_at) + interval '1 day')::date, 'submitted',
                                   r.n * 32 + w.position * 2, 5) AS created_at,
               w.cohort <> r.cohort AS is_moved, w.position
          FROM seed_records r
          JOIN seed_windows w
            ON w.kind = r.kind AND w.position <= r.last_position AND w.rule <> 'not-reached'
           AND ((w.cohort, w.schedule_identifier) = (r.cohort, r.schedule_identifier)
                OR r.story = 'moved cohort' AND (w.cohort, w.schedule_identifier) = (2024, 'ecf-extended-september'))
         CROSS JOIN LATERAL (SELECT pg_temp.within_days(w.opens, 'declared', r.n * 32 + w.position * 2, w.days)
                                        AS declared_at) d) x
 WHERE x.created_at < pg_temp.as_of()
   AND CASE WHEN x.story IN ('withdrawn', 'deferred', 'gone', 'left by school') THEN x.created_at < x.event_at
            WHEN x.story = 'moved cohort' AND x.is_moved THEN x.position > 2 AND x.declared_at > x.event_at
            WHEN x.story = 'moved cohort' THEN x.position <= 2 AND x.created_at < x.event_at
            ELSE true END;
ANALYZE seed_declared;

-- Who declares, on which schedule, and the statement that is open to it then. An eligible participant's declaration
-- that no statement could take was refused, and so does not exist.
CREATE TEMPORARY VIEW seed_attached AS
SELECT d.*, r.kind, r.story, r.twin, r.eligibility_status = 'eligible' AS is_fundable, r.is_sparse, r.has_premium, who.provider,
       who.cohort, who.schedule_identifier, s.id AS statement_id, s.deadline_date, s.state AS statement_state,
       s.payable_at, s.paid_at
  FROM seed_declared d
  JOIN (SELECT *, eligibility_status IS NOT DISTINCT FROM 'eligible' AS can_be_paid FROM seed_records) r ON r.n = d.record
 CROSS JOIN LATERAL (
       SELECT CASE WHEN r.story = 'new provider' AND d.declared_at >= r.event_at
                   THEN (SELECT next_place FROM seed_ring WHERE place = r.provider) ELSE r.provider END AS provider,
              CASE WHEN r.story = 'moved cohort' AND d.declared_at >= r.event_at THEN 2024 ELSE r.cohort END AS cohort,
              CASE WHEN r.story = 'moved cohort' AND d.declared_at >= r.event_at THEN 'ecf-extended-september'
                   ELSE r.schedule_identifier END AS schedule_identifier) who
  LEFT JOIN LATERAL (
       SELECT * FROM seed_statements s
        WHERE s.output_fee AND (s.provider, s.cohort) = (who.provider, who.cohort)
          AND s.deadline_date >= (d.created_at AT TIME ZONE 'UTC')::date
        ORDER BY s.deadline_date LIMIT 1) s ON true
 WHERE s.id IS NOT NULL OR d.fate <> 'duplicate' AND NOT r.can_be_paid;

-- What is voided is voided before its statement closes; half of that is declared again.
UPDATE seed_declared d SET voided_at = v.voided_at
  FROM (SELECT a.n, a.is_fundable, a.deadline_date, x.voided_at
          FROM seed_attached a
         CROSS JOIN LATERAL (SELECT coalesce(a.voided_at, pg_temp.within_days((a.created_at + interval '1 day')::date,
                                                                              'voided', a.n, 8)) AS voided_at) x
         WHERE a.fate = 'voided') v
 WHERE v.n = d.n AND v.voided_at < pg_temp.as_of()
   AND (v.is_fundable IS NOT TRUE OR (v.voided_at AT TIME ZONE 'UTC')::date <= v.deadline_date);
UPDATE seed_declared SET fate = 'kept' WHERE fate = 'voided' AND voided_at IS NULL;
INSERT INTO seed_declared (n, record, declaration_type, declared_at, created_at)
SELECT d.n + 1, d.record, d.declaration_type, d.declared_at, d.voided_at + interval '26 hours'
  FROM seed_declared d JOIN seed_records r ON r.n = d.record
 WHERE d.fate = 'voided' AND pg_temp.draw('again', d.n, 2) = 0 AND r.last_position > 0
   AND d.voided_at + interval '26 hours' < least(pg_temp.as_of(), CASE WHEN r.story IN ('withdrawn', 'deferred', 'gone',
                                                                                        'left by school') THEN r.event_at END);

-- Somebody registered twice is declared twice: the second time counts as a duplicate.
INSERT INTO seed_declared (n, record, declaration_type, declared_at, created_at, fate, superseded_by)
SELECT t.n * 32 + (a.n & 31), t.n, a.declaration_type, a.declared_at, a.created_at + interval '10 days', 'duplicate', a.n
  FROM seed_attached a
  JOIN seed_records t ON t.twin = a.record AND t.kind = a.kind AND t.provider = a.provider
 WHERE a.fate = 'kept' AND a.created_at + interval '10 days' < pg_temp.as_of()
   AND t.created_at < a.created_at + interval '10 days';

CREATE TEMPORARY TABLE seed_settled ON COMMIT DROP AS
SELECT a.n, a.record, a.kind, a.declaration_type, a.declared_at, a.created_at, a.provider, a.cohort, a.superseded_by,
       a.is_sparse, a.has_premium, s.state, a.statement_id, s.item_state, s.clawback_statement_id, s.clawback_state,
       s.voided_at, s.changed_at,
       CASE WHEN w.rule = 'ignored' OR w.rule = 'optional' AND a.n % 2 = 0 THEN NULL
            ELSE pg_temp.pick(w.allowed_values, 'evidence', a.n) END AS evidence_held,
       h.delivery_partner_id, h.mentor
  FROM seed_attached a
  JOIN seed_windows w ON (w.cohort, w.schedule_identifier, w.kind) = (a.cohort, a.schedule_identifier, a.kind)
                     AND w.declaration_type = a.declaration_type
  LEFT JOIN LATERAL (
       SELECT x.voided_at, c.id, c.state, c.paid_at
         FROM (SELECT coalesce(a.voided_at, pg_temp.within_days((a.paid_at + interval '3 days')::date, 'clawed back',
                                                                a.n, 60)) AS voided_at) x
         JOIN seed_statements c ON c.output_fee AND (c.provider, c.cohort) = (a.provider, a.cohort)
                               AND c.deadline_date >= (x.voided_at AT TIME ZONE 'UTC')::date
        WHERE a.fate = 'clawed back' AND a.is_fundable AND a.statement_state = 'paid' AND x.voided_at < pg_temp.as_of()
        ORDER BY c.deadline_date LIMIT 1) claw ON true
 CROSS JOIN LATERAL (
       SELECT CASE WHEN a.fate = 'voided' THEN 'voided' WHEN a.fate = 'duplicate' THEN 'ineligible'
                   WHEN a.is_fundable IS NOT TRUE THEN 'submitted'
                   WHEN claw.state = 'paid' THEN 'clawed_back' WHEN claw.id IS NOT NULL THEN 'awaiting_clawback'
                   WHEN a.statement_state = 'open' THEN 'eligible' ELSE a.statement_state END AS state,
              CASE WHEN a.fate = 'duplicate' THEN 'ineligible' WHEN a.is_fundable IS NOT TRUE THEN NULL
                   WHEN a.fate = 'voided' THEN 'voided'
                   WHEN a.statement_state = 'open' THEN 'eligible' ELSE a.statement_state END AS item_state,
              claw.id AS clawback_statement_id,
              CASE WHEN claw.state = 'paid' THEN 'clawed_back' WHEN claw.id IS NOT NULL THEN 'awaiting_clawback' END
                  AS clawback_state,
              coalesce(claw.voided_at, a.voided_at) AS voided_at,
              CASE WHEN a.fate = 'voided' THEN a.voided_at
                   WHEN a.fate = 'duplicate' OR a.is_fundable IS NOT TRUE THEN a.created_at
                   WHEN claw.state = 'paid' THEN claw.paid_at WHEN claw.id IS NOT NULL THEN claw.voided_at
                   WHEN a.statement_state = 'paid' THEN a.paid_at
                   WHEN a.statement_state = 'payable' THEN a.payable_at ELSE a.created_at END AS changed_at) s
  LEFT JOIN LATERAL (
       SELECT h.delivery_partner_id, h.mentor FROM seed_history h
        WHERE h.n = a.record AND h.provider = a.provider AND h.at <= a.declared_at
        ORDER BY h.end_date IS NOT NULL, h.at DESC LIMIT 1) h ON true;
ANALYZE seed_settled;
DROP VIEW seed_attached;

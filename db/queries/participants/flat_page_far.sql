-- As flat_page.sql, for a page far behind the first: rows that are skipped are skipped in the index alone.
-- $1 lead provider, $2 cohorts or NULL, $3 limit, $4 offset
WITH page AS MATERIALIZED (
    SELECT participant_created_at, induction_record_id FROM flat_enrolments($1, $2::smallint[])
     ORDER BY participant_created_at, induction_record_id
     LIMIT $3 OFFSET $4
), first AS (
    SELECT * FROM page ORDER BY participant_created_at, induction_record_id LIMIT 1
), last AS (
    SELECT * FROM page ORDER BY participant_created_at DESC, induction_record_id DESC LIMIT 1
)
SELECT e.shown, e.validation_trn, e.record_updated_at, e.induction_record_id, e.participant_created_at, e.participant_updated_at
  FROM (SELECT * FROM flat_enrolments($1, $2::smallint[]) -- one range of the index
         WHERE (participant_created_at, induction_record_id) >= ((SELECT participant_created_at FROM first), (SELECT induction_record_id FROM first))
           AND (participant_created_at, induction_record_id) <= ((SELECT participant_created_at FROM last), (SELECT induction_record_id FROM last))
         ORDER BY participant_created_at, induction_record_id OFFSET 0) e
 ORDER BY e.participant_created_at, e.induction_record_id;

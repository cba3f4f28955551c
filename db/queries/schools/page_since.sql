-- One page of the schools of a cohort that changed, or one of whose school cohorts did, in the order in which they were
-- created. $1 cohort, $2 since, $3 limit, $4 offset
WITH changed AS MATERIALIZED (
    SELECT id FROM schools WHERE updated_at >= $2
    UNION
    SELECT school_id FROM school_cohorts WHERE updated_at >= $2
), page AS MATERIALIZED (
    SELECT * FROM schools_of($1) WHERE id IN (SELECT id FROM changed) ORDER BY created_at, id LIMIT $3 OFFSET $4
)
SELECT s.id, s.name, s.urn, $1::smallint,
       (SELECT true FROM partnerships p -- LIMIT: one index look-up a row, in every plan
         WHERE p.school_id = s.id AND p.cohort = $1 AND p.challenged_at IS NULL AND p.challenge_reason IS NULL
         LIMIT 1) IS NOT NULL,
       sc.induction_programme_choice, s.created_at, greatest(s.updated_at, sc.updated_at)
  FROM page s
  LEFT JOIN LATERAL (SELECT * FROM school_cohorts own -- OFFSET 0: one index look-up a row, in every plan
                      WHERE own.school_id = s.id AND own.cohort = $1 OFFSET 0) sc ON true
 ORDER BY s.created_at, s.id;

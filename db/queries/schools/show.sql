-- The school of a cohort with that id or URN. $1 cohort, $2 school or NULL, $3 URN or NULL, $4 since or NULL
SELECT s.id, s.name, s.urn, $1::smallint,
       (SELECT true FROM partnerships p -- LIMIT: one index look-up a row, in every plan
         WHERE p.school_id = s.id AND p.cohort = $1 AND p.challenged_at IS NULL AND p.challenge_reason IS NULL
         LIMIT 1) IS NOT NULL,
       sc.induction_programme_choice, s.created_at, greatest(s.updated_at, sc.updated_at)
  FROM schools_of($1) s LEFT JOIN school_cohorts sc ON sc.school_id = s.id AND sc.cohort = $1
 WHERE s.id = coalesce($2::uuid, (SELECT id FROM schools WHERE urn = $3::text))
   AND ($3 IS NULL OR s.urn = $3)
   AND ($4::timestamptz IS NULL OR s.updated_at >= $4
        OR EXISTS (SELECT FROM school_cohorts any_cohort WHERE any_cohort.school_id = s.id AND any_cohort.updated_at >= $4));

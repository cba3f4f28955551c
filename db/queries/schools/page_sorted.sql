-- One page of the schools of a cohort in any order.
-- $1 cohort, $2 since or NULL, $3 $4 $5 sort keys or NULL, $6 limit, $7 offset
SELECT s.id, s.name, s.urn, $1::smallint,
       (SELECT true FROM partnerships p -- LIMIT: one index look-up a row, in every plan
         WHERE p.school_id = s.id AND p.cohort = $1 AND p.challenged_at IS NULL AND p.challenge_reason IS NULL
         LIMIT 1) IS NOT NULL,
       sc.induction_programme_choice, s.created_at, greatest(s.updated_at, sc.updated_at)
  FROM schools_of($1) s LEFT JOIN school_cohorts sc ON sc.school_id = s.id AND sc.cohort = $1
 WHERE $2::timestamptz IS NULL OR s.updated_at >= $2
    OR EXISTS (SELECT FROM school_cohorts any_cohort WHERE any_cohort.school_id = s.id AND any_cohort.updated_at >= $2)
 ORDER BY sort_up($3, s.created_at, s.updated_at), sort_down($3, s.created_at, s.updated_at) DESC,
          sort_text_up($3, '{name,urn,id}', ARRAY[s.name, s.urn, s.id::text]),
          sort_text_down($3, '{name,urn,id}', ARRAY[s.name, s.urn, s.id::text]) DESC,
          sort_up($4, s.created_at, s.updated_at), sort_down($4, s.created_at, s.updated_at) DESC,
          sort_text_up($4, '{name,urn,id}', ARRAY[s.name, s.urn, s.id::text]),
          sort_text_down($4, '{name,urn,id}', ARRAY[s.name, s.urn, s.id::text]) DESC,
          sort_up($5, s.created_at, s.updated_at), sort_down($5, s.created_at, s.updated_at) DESC,
          sort_text_up($5, '{name,urn,id}', ARRAY[s.name, s.urn, s.id::text]),
          sort_text_down($5, '{name,urn,id}', ARRAY[s.name, s.urn, s.id::text]) DESC,
          s.id
 LIMIT $6 OFFSET $7;

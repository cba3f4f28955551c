-- In which cohorts is a school seen, by every lead provider alike (contract v3.md section 3.3)? The verdict is that of
-- schools_of(). $1 lead provider, who makes no difference, $2 school
WITH facts AS (
    SELECT s.id, s.urn, s.status_code, s.type_code, s.district_code, s.section_41_approved
      FROM schools s WHERE s.id = $2::uuid AND $1::uuid IS NOT NULL
), lines AS (
    SELECT 1 AS place, 0 AS cohort, NULL::boolean AS passes,
           format('school %s, URN %s: status %s, type %s, district %s%s', id, urn, coalesce(status_code::text, 'unknown'),
                  coalesce(type_code::text, 'unknown'), coalesce(district_code, 'unknown'),
                  CASE WHEN section_41_approved THEN ', approved by section 41' ELSE '' END) AS said
      FROM facts
     UNION ALL SELECT 2, 0, status_code IN (1, 3) IS TRUE, 'it is open' FROM facts
     UNION ALL SELECT 3, 0, (district_code ILIKE 'E%' OR district_code = '9999') IS TRUE, 'it is in England' FROM facts
     UNION ALL
    SELECT 4, c.start_year, EXISTS (SELECT FROM partnerships p
                                     WHERE p.school_id = f.id AND p.cohort = c.start_year AND NOT p.relationship
                                       AND p.challenged_at IS NULL AND p.challenge_reason IS NULL),
           'cohort ' || c.start_year || ': it has a partnership that stands'
      FROM facts f CROSS JOIN cohorts c
     UNION ALL
    SELECT 5, c.start_year, EXISTS (SELECT FROM schools_of(c.start_year) s WHERE s.id = f.id),
           'cohort ' || c.start_year || ': lead providers see the school, for it is eligible or partnered'
      FROM facts f CROSS JOIN cohorts c
)
SELECT passes, said FROM lines ORDER BY cohort, place;

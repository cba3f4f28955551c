-- What list queries share.

-- Which cohorts a list means: those asked for, or every one after 2020 (contract v3.md section 1.4).
CREATE OR REPLACE FUNCTION is_cohort_wanted(cohort smallint, wanted smallint[]) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN wanted IS NULL THEN cohort > 2020 ELSE cohort = ANY (wanted) END
$$;

-- A sort key is "name" or "-name"; each of these gives the value to sort by, or NULL for a key that is not its own.
CREATE OR REPLACE FUNCTION sort_up(key text, created_at timestamptz, updated_at timestamptz) RETURNS timestamptz
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE key WHEN 'created_at' THEN created_at WHEN 'updated_at' THEN updated_at END
$$;

CREATE OR REPLACE FUNCTION sort_down(key text, created_at timestamptz, updated_at timestamptz) RETURNS timestamptz
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE key WHEN '-created_at' THEN created_at WHEN '-updated_at' THEN updated_at END
$$;

CREATE OR REPLACE FUNCTION sort_text_up(key text, names text[], row_values text[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT row_values[array_position(names, key)]
$$;

CREATE OR REPLACE FUNCTION sort_text_down(key text, names text[], row_values text[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN key LIKE '-%' THEN row_values[array_position(names, substr(key, 2))] END
$$;

-- The cohorts in which a delivery partner works with a lead provider: 2021,2022
CREATE OR REPLACE FUNCTION delivery_partner_cohorts(provider uuid, partner uuid) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT string_agg(r.cohort::text, ',' ORDER BY r.cohort) FROM provider_relationships r
     WHERE r.lead_provider_id = provider AND r.delivery_partner_id = partner AND r.discarded_at IS NULL
$$;

-- The schools that providers see for a cohort: eligible now, or partnered then (contract v3.md section 3.3).
CREATE OR REPLACE FUNCTION schools_of(wanted smallint) RETURNS SETOF schools LANGUAGE sql STABLE AS $$
    SELECT s.* FROM schools s
     WHERE EXISTS (SELECT FROM cohorts c WHERE c.start_year = wanted)
       AND ((s.status_code IN (1, 3)
             AND (s.district_code ILIKE 'E%' OR s.district_code = '9999')
             AND (s.section_41_approved OR s.type_code IN (1, 2, 3, 5, 6, 7, 8, 12, 14, 15, 18, 28, 31, 32, 33, 34, 35,
                      36, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 57))
             AND (s.type_code IS NULL OR s.type_code NOT IN (10, 11, 30, 37)))
            OR (SELECT true FROM partnerships p
                 WHERE p.school_id = s.id AND p.cohort = wanted AND NOT p.relationship
                   AND p.challenged_at IS NULL AND p.challenge_reason IS NULL LIMIT 1) IS NOT NULL)
$$;

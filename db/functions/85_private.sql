-- What the endpoints for other services of the DfE show (contract v1-v2.md sections 5 to 8).

-- A person as the learning platform knows them: through the training that goes on and started first, or else the one
-- that ended first, whoever provides it. No row for somebody without an induction record.
CREATE OR REPLACE FUNCTION ecf_user(person uuid)
RETURNS TABLE (id uuid, email text, full_name text, kind text, is_gone boolean, materials text, programme_choice text,
               is_registered boolean, cohort smallint, preferred_email text, updated_at timestamptz)
LANGUAGE sql STABLE AS $$
    SELECT u.id, i.email, u.full_name, r.kind, r.is_gone, ip.core_induction_programme, ip.training_programme,
           r.is_registered, ip.cohort, CASE WHEN r.is_preferred THEN i.email END, greatest(r.updated_at, u.updated_at)
      FROM (SELECT tr.kind, ir.induction_status = 'withdrawn' AND tr.status = 'withdrawn' AS is_gone, ir.programme_id,
                   tr.eligibility_status IS NOT NULL OR tr.is_validated AS is_registered,
                   coalesce(ir.preferred_identity_id, tr.identity_id) AS identity_id,
                   ir.preferred_identity_id IS NOT NULL AS is_preferred,
                   greatest(ir.updated_at, tr.updated_at) AS updated_at
              FROM training_records tr
              JOIN induction_records ir ON ir.training_record_id = tr.id
             WHERE tr.participant_id = person
             ORDER BY ir.end_date NULLS FIRST, ir.start_date, ir.created_at, ir.id
             LIMIT 1) r
      JOIN induction_programmes ip ON ip.id = r.programme_id
      JOIN identities i ON i.id = r.identity_id
      JOIN users u ON u.id = i.user_id
     LIMIT 1
$$;

-- An instant as the dashboard reads it: 2021-06-09T12:34:56.789012, without a zone and without zeros at its end.
CREATE OR REPLACE FUNCTION plain_instant(at timestamptz) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT to_jsonb(at AT TIME ZONE 'UTC') #>> '{}'
$$;

-- The schools of the dashboard: open, of a kind that takes part, in England.
CREATE OR REPLACE FUNCTION is_rolled_out(school schools) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT school.status_code IN (1, 3) AND school.district_code ILIKE 'E%'
           AND school.type_code IN (1, 2, 3, 5, 6, 7, 8, 12, 14, 15, 18, 28, 31, 32, 33, 34, 35, 36, 38, 39, 40, 41, 42,
                                    43, 44, 45, 46, 47, 48)
$$;

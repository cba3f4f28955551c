-- Why does a lead provider see a declaration, or not (contract v3.md section 3.8.1)? The verdict is that of
-- declarations_of(), and of what is stored. $1 lead provider, $2 declaration
WITH declared AS (
    SELECT d.*, d.lead_provider_id = $1::uuid AS is_mine, d.state IN ('submitted', 'eligible', 'payable', 'paid') AS is_live
      FROM declarations d WHERE d.id = $2::uuid
), histories AS (
    SELECT ir.id, ir.induction_status, ir.created_at, ir.induction_status IN ('active', 'completed') AS is_active,
           ir.induction_status = 'leaving' AS is_leaving,
           ir.end_date IS NULL OR d.declaration_date <= ir.end_date AS is_in_time
      FROM declared d
      JOIN induction_records ir ON ir.training_record_id = d.training_record_id
      JOIN induction_programmes ip ON ip.id = ir.programme_id
      JOIN partnerships p ON p.id = ip.partnership_id AND p.lead_provider_id = $1::uuid
), expected AS (
    SELECT e.* FROM declared d JOIN declarations_of(ARRAY[d.participant_id]) e ON e.declaration_id = d.id
     WHERE e.lead_provider_id = $1::uuid
), stored AS (
    SELECT * FROM provider_declarations WHERE lead_provider_id = $1::uuid AND declaration_id = $2::uuid
), lines AS (
    SELECT 1::bigint AS place, NULL::boolean AS passes, 'declaration ' || id || ' (' || declaration_type || ', ' || state || ')' AS said
      FROM declared
     UNION ALL SELECT 2, is_mine, 'it was made by this lead provider' FROM declared
     UNION ALL SELECT 3, is_live, 'or: it is submitted, eligible, payable or paid,' FROM declared
     UNION ALL SELECT 4, EXISTS (SELECT FROM histories),
                      'and its training record has an induction record with this lead provider'
     UNION ALL
    SELECT 4 + row_number() OVER (ORDER BY created_at, id), is_active OR is_leaving AND is_in_time,
           'induction record ' || id || ' is ' || induction_status
           || CASE WHEN is_active THEN ': seen in v1, v2 and v3'
                   WHEN is_leaving AND is_in_time THEN ', and the declaration is dated before its end: seen in v3'
                   WHEN is_leaving THEN ', and the declaration is dated after its end' ELSE '' END
      FROM histories
     UNION ALL SELECT 1000, EXISTS (SELECT FROM expected), 'so the lead provider sees the declaration'
     UNION ALL SELECT 1001, in_v1, 'in v1 and v2 as well' FROM expected
     UNION ALL SELECT 1002, NOT EXISTS (SELECT FROM expected e FULL JOIN stored s USING (lead_provider_id, declaration_id)
                                         WHERE e IS DISTINCT FROM s),
                      'the stored projection says the same'
)
SELECT passes, said FROM lines ORDER BY place;

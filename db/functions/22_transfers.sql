-- Whose moves between schools a lead provider sees: contract v3.md section 3.6. A training record that somebody left, with a
-- record of a move in a partnership of the provider, challenged or not. This is the only place where the rule stands.
CREATE OR REPLACE FUNCTION transfers_of(participant_ids uuid[]) RETURNS SETOF provider_transfers
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
BEGIN
    RETURN QUERY
    SELECT DISTINCT p.lead_provider_id, u.id, u.created_at, u.updated_at
      FROM training_records tr
      JOIN induction_records moved ON moved.training_record_id = tr.id
                                  AND (moved.school_transfer OR moved.induction_status = 'leaving')
      JOIN induction_programmes ip ON ip.id = moved.programme_id
      JOIN partnerships p ON p.id = ip.partnership_id
      JOIN users u ON u.id = tr.participant_id
     WHERE tr.participant_id = ANY (participant_ids)
       AND EXISTS (SELECT FROM induction_records leaving
                    WHERE leaving.training_record_id = tr.id AND leaving.induction_status = 'leaving');
END
$$;

CREATE OR REPLACE FUNCTION refresh_transfers(participant_ids uuid[]) RETURNS void
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
DECLARE
    fresh provider_transfers[];
BEGIN
    fresh := ARRAY(SELECT t FROM transfers_of(participant_ids) t);
    DELETE FROM provider_transfers old
     WHERE old.participant_id = ANY (participant_ids)
       AND NOT EXISTS (SELECT FROM unnest(fresh) f WHERE f IS NOT DISTINCT FROM old);
    INSERT INTO provider_transfers SELECT f.* FROM unnest(fresh) f
        ON CONFLICT (lead_provider_id, participant_id) DO NOTHING;
END
$$;

-- The induction records by which a person's moves are told, whoever asks. Inlined into the queries that call it.
CREATE OR REPLACE FUNCTION transfer_records_of(person uuid) RETURNS TABLE (
    training_record_id uuid, id uuid, is_leaving boolean, is_school_transfer boolean, school_id uuid, school_urn text,
    lead_provider_id uuid, lead_provider_name text, start_date timestamptz, end_date timestamptz, created_at timestamptz,
    updated_at timestamptz, training_record_created_at timestamptz)
LANGUAGE sql STABLE AS $$
    SELECT tr.id, r.id, r.induction_status = 'leaving', r.school_transfer, ip.school_id, s.urn,
           p.lead_provider_id, lp.name, r.start_date, r.end_date, r.created_at, r.updated_at, tr.created_at
      FROM training_records tr
      JOIN induction_records r ON r.training_record_id = tr.id
      JOIN induction_programmes ip ON ip.id = r.programme_id
      JOIN schools s ON s.id = ip.school_id
      LEFT JOIN partnerships p ON p.id = ip.partnership_id
      LEFT JOIN lead_providers lp ON lp.id = p.lead_provider_id
     WHERE tr.participant_id = person
$$;

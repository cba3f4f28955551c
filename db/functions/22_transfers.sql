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

-- One page of the participants who moved and who changed, in the order of their change.
-- $1 lead provider, $2 since, $3 limit, $4 offset
WITH page AS MATERIALIZED (
    SELECT * FROM provider_transfers
     WHERE lead_provider_id = $1 AND participant_updated_at >= $2
     ORDER BY participant_updated_at, participant_id
     LIMIT $3 OFFSET $4
)
SELECT page.participant_id, page.participant_updated_at, r.training_record_id, r.id, r.is_leaving, r.is_school_transfer,
       r.school_id, r.school_urn, r.lead_provider_id, r.lead_provider_name, r.start_date, r.end_date, r.created_at,
       r.updated_at
  FROM page
 CROSS JOIN LATERAL transfer_records_of(page.participant_id) r
 ORDER BY page.participant_updated_at, page.participant_id, r.training_record_created_at, r.training_record_id, r.created_at, r.id;

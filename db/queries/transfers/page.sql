-- One page of the participants who moved between schools, one of them the lead provider's; a row an induction record.
-- $1 lead provider, $2 limit, $3 offset
WITH page AS MATERIALIZED (
    SELECT * FROM provider_transfers
     WHERE lead_provider_id = $1
     ORDER BY participant_created_at, participant_id
     LIMIT $2 OFFSET $3
)
SELECT page.participant_id, page.participant_updated_at, r.training_record_id, r.id, r.is_leaving, r.is_school_transfer,
       r.school_id, r.school_urn, r.lead_provider_id, r.lead_provider_name, r.start_date, r.end_date, r.created_at,
       r.updated_at
  FROM page
 CROSS JOIN LATERAL transfer_records_of(page.participant_id) r
 ORDER BY page.participant_created_at, page.participant_id, r.training_record_created_at, r.training_record_id, r.created_at, r.id;

-- One participant who moved, as in page.sql. $1 lead provider, $2 since or NULL, $3 participant
WITH page AS MATERIALIZED (
    SELECT * FROM provider_transfers
     WHERE lead_provider_id = $1 AND participant_id = $3 AND ($2::timestamptz IS NULL OR participant_updated_at >= $2)
)
SELECT page.participant_id, page.participant_updated_at, r.training_record_id, r.id, r.is_leaving, r.is_school_transfer,
       r.school_id, r.school_urn, r.lead_provider_id, r.lead_provider_name, r.start_date, r.end_date, r.created_at,
       r.updated_at
  FROM page
 CROSS JOIN LATERAL transfer_records_of(page.participant_id) r
 ORDER BY r.training_record_created_at, r.training_record_id, r.created_at, r.id;

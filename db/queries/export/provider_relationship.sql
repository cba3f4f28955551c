-- Which delivery partner works with which lead provider in which cohort, as records.
SELECT 'provider_relationship' AS type, r.lead_provider_id, r.delivery_partner_id, r.cohort,
       export_instant(r.discarded_at) AS discarded_at,
       export_instant(r.created_at) AS created_at, export_instant(r.updated_at) AS updated_at
  FROM provider_relationships r
 WHERE export_wants('relationships', r.lead_provider_id)
 ORDER BY r.lead_provider_id, r.delivery_partner_id, r.cohort;

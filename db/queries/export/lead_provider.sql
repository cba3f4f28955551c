-- Lead providers, as records.
SELECT 'lead_provider' AS type, lp.id, lp.name, lp.cpd_name, lp.ecf, lp.npq,
       export_instant(lp.created_at) AS created_at, export_instant(lp.updated_at) AS updated_at
  FROM lead_providers lp
 WHERE export_wants('lead_provider', lp.id)
 ORDER BY lp.id;

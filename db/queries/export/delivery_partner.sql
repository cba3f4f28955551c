-- Delivery partners, as records.
SELECT 'delivery_partner' AS type, dp.id, dp.name, export_instant(dp.discarded_at) AS discarded_at,
       export_instant(dp.created_at) AS created_at, export_instant(dp.updated_at) AS updated_at
  FROM delivery_partners dp
 WHERE export_wants('delivery_partner', dp.id)
 ORDER BY dp.id;

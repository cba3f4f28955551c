-- One delivery partner that a lead provider works with in whatever cohort. $1 lead provider, $2 delivery partner
SELECT dp.id, dp.name, dp.created_at, dp.updated_at, delivery_partner_cohorts($1, dp.id)
  FROM delivery_partners dp
 WHERE dp.id = $2 AND dp.discarded_at IS NULL
   AND EXISTS (SELECT FROM provider_relationships r
                WHERE r.lead_provider_id = $1 AND r.delivery_partner_id = dp.id AND r.discarded_at IS NULL);

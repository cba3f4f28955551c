-- Why does a lead provider see a delivery partner, or not (contract v3.md section 3.2)?
-- $1 lead provider, $2 delivery partner
WITH partner AS (
    SELECT * FROM delivery_partners WHERE id = $2::uuid
), relationships AS (
    SELECT * FROM provider_relationships WHERE delivery_partner_id = $2::uuid AND lead_provider_id = $1::uuid
), lines AS (
    SELECT 1 AS place, 0 AS cohort, NULL::boolean AS passes, 'delivery partner ' || id AS said FROM partner
     UNION ALL SELECT 2, 0, discarded_at IS NULL, 'it has not been discarded' FROM partner
     UNION ALL SELECT 3, 0, EXISTS (SELECT FROM relationships WHERE discarded_at IS NULL),
                      'it works with this lead provider in some cohort'
     UNION ALL SELECT 4, cohort, discarded_at IS NULL, 'cohort ' || cohort || ': that relationship has not been discarded'
                 FROM relationships
     UNION ALL SELECT 5, 0, discarded_at IS NULL AND EXISTS (SELECT FROM relationships WHERE discarded_at IS NULL),
                      'so the lead provider sees the delivery partner' FROM partner
     UNION ALL SELECT 6, 0, EXISTS (SELECT FROM relationships WHERE discarded_at IS NULL AND cohort > 2020),
                      'a cohort is after 2020, so that lists show it without a cohort filter'
)
SELECT passes, said FROM lines ORDER BY place, cohort;

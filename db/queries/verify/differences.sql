-- Where do the stored projections of these participants differ from what they stand for? $1 participants
SELECT projection, lead_provider_id, row_id, difference FROM projection_differences($1::uuid[])
 ORDER BY projection, lead_provider_id, row_id;

-- What has been seeded into this database, and does it hold anything else?
SELECT r.profile, r.seed, r.as_of,
       EXISTS (SELECT FROM participants) OR EXISTS (SELECT FROM schools) OR EXISTS (SELECT FROM statements) AS has_data
  FROM (SELECT 1) one
  LEFT JOIN seed_runs r ON true;

-- How much was seeded?
SELECT (SELECT count(*) FROM lead_providers), (SELECT count(*) FROM schools), (SELECT count(*) FROM participants),
       (SELECT count(*) FROM declarations);

-- What every instance follows twice a second: what the service is open for, the newest migration, and whether these
-- functions were put in. $1 digest of the program's functions
SELECT m.mode, m.ends_at, (SELECT coalesce(max(version), 0) FROM schema_migrations),
       EXISTS (SELECT FROM schema_functions WHERE digest = $1::text)
  FROM service_mode m;

-- Is there anything in this database, and which schema has it?
SELECT EXISTS (SELECT FROM schools) AND EXISTS (SELECT FROM schedules),
       (SELECT coalesce(max(version), 0) FROM schema_migrations);

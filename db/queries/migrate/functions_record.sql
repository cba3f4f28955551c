-- These functions are in the database now. Those of earlier releases stay on record, so that a program can tell a
-- newer database from an older one; going back to an earlier release takes off what came after it. $1 digest
WITH undone AS (
    DELETE FROM schema_functions
     WHERE applied_at >= (SELECT min(applied_at) FROM schema_functions WHERE digest = $1::text)
)
INSERT INTO schema_functions (digest) VALUES ($1::text);

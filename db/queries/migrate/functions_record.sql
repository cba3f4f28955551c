-- These functions are in the database now. $1 all of them, as text
WITH earlier AS (DELETE FROM schema_functions)
INSERT INTO schema_functions (digest) VALUES (md5($1::text));

-- Do the functions differ from those put in last? $1 digest of all of them
SELECT (SELECT digest FROM schema_functions ORDER BY applied_at DESC LIMIT 1) IS DISTINCT FROM $1::text;

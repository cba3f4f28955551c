-- Do the functions differ from those in the database? $1 all of them, as text
SELECT NOT EXISTS (SELECT FROM schema_functions WHERE digest = md5($1::text));

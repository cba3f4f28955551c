-- How many rows of a table are new, changed and gone? $1 the table
SELECT inserted, changed, deleted FROM import_merge($1);

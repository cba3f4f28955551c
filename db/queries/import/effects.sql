-- What follows from the changes. $1 the import's clock or NULL for the wall's
SELECT import_effects(coalesce($1::timestamptz, clock_timestamp()));

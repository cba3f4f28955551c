-- All lines are there: from here on changes are stamped, with the clock of the import if that is later.
CREATE INDEX ON import_rows (target);
ANALYZE import_rows;

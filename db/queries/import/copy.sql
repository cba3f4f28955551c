-- The lines of an import, as they are read.
COPY import_rows (line, type, id, target, is_deletion, is_refused, doc) FROM STDIN;

-- Where an import puts its lines: a row per table that a record reaches into, and the problems found.
SET LOCAL cpd.bulk = 'on';
SET LOCAL cpd.actor = 'import';
SET LOCAL work_mem = '64MB';
SET CONSTRAINTS ALL DEFERRED;
CREATE TEMPORARY TABLE import_rows (
    line         integer NOT NULL,
    type         text NOT NULL,
    id           text NOT NULL, -- of the record, as the key's members joined by /
    target       text NOT NULL, -- the table
    is_deletion  boolean NOT NULL,
    is_refused   boolean NOT NULL DEFAULT false,
    doc          jsonb NOT NULL -- columns of that table
) ON COMMIT DROP;
CREATE TEMPORARY TABLE import_problems (
    line         integer NOT NULL, -- 0: the file as a whole
    type         text,
    id           text,
    column_name  text,
    problem      text NOT NULL
) ON COMMIT DROP;

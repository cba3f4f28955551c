-- What is shown of a row of the projections, ready to be sent: the functions of db/functions/ fill it when they are put in,
-- right after this.

ALTER TABLE provider_enrolments ADD COLUMN shown bytea NOT NULL DEFAULT '';
ALTER TABLE provider_enrolments ALTER COLUMN shown DROP DEFAULT;
COMMENT ON COLUMN provider_enrolments.shown IS 'the columns that lists show, as one value: shown_enrolment()';

ALTER TABLE provider_declarations ADD COLUMN shown bytea NOT NULL DEFAULT '';
ALTER TABLE provider_declarations ALTER COLUMN shown DROP DEFAULT;
COMMENT ON COLUMN provider_declarations.shown IS 'the columns that lists show, as one value: shown_declaration()';

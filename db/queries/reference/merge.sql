-- How many rows of a reference table did its file, copied into "incoming", add or change?
-- $1 table, $2 the file's text
SELECT merge_reference($1, encode(sha256(convert_to($2, 'UTF8')), 'hex'))::bigint;

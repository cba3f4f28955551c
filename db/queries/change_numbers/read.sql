-- The shards of a scope's number of changes; their sum counts, and adding up costs less here than there.
-- $1 lead provider, or the nil UUID
SELECT number FROM change_numbers WHERE scope = $1;

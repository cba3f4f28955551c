-- How often has a scope changed? $1 lead provider, or the nil UUID
SELECT coalesce(sum(number), 0)::bigint FROM change_numbers WHERE scope = $1;

-- Tells what this instance has counted, and what have all others? $1 instance, then arrays of one length: $2 keys in
-- hexadecimal digits, $3 starts of their windows, $4 requests counted here, or NULL where that is known already. The
-- answer names a key by its place in the arrays, from 0.
WITH known AS (
    SELECT decode(k.digits, 'hex') AS key, k.window_start, k.count, k.place
      FROM unnest($2::text[], $3::timestamptz[], $4::bigint[]) WITH ORDINALITY AS k (digits, window_start, count, place)
), told AS (
    INSERT INTO rate_limit_counts AS c (window_start, key, instance, count)
    SELECT window_start, key, $1::uuid, count FROM known WHERE count IS NOT NULL
        ON CONFLICT (window_start, key, instance) DO UPDATE SET count = excluded.count WHERE c.count < excluded.count
)
SELECT k.place - 1 AS place, o.count
  FROM known k,
       LATERAL (SELECT sum(c.count)::bigint AS count FROM rate_limit_counts c
                 WHERE c.window_start = k.window_start AND c.key = k.key AND c.instance <> $1::uuid) o
 WHERE o.count IS NOT NULL;

-- The instant that changes are stamped with. $1 the import's clock or NULL
SELECT set_config('cpd.now', greatest(clock_timestamp(), $1::timestamptz)::text, true);

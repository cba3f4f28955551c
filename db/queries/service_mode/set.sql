-- Every instance follows within a second. $1 mode, $2 its end or NULL
INSERT INTO service_mode (mode, ends_at) VALUES ($1, $2)
    ON CONFLICT (only_one) DO UPDATE SET mode = excluded.mode, ends_at = excluded.ends_at, changed_at = clock_timestamp();

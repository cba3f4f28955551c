-- Forgets the windows that began before $1
DELETE FROM rate_limit_counts WHERE window_start < $1::timestamptz;

-- What each instance has counted of the requests in a window; a limit is held against the sum. Every instance writes
-- its own rows only, and whole counts, so that writing one again changes nothing. Nothing is lost with the table that
-- would be missed after some minutes: it needs no write-ahead log.
CREATE UNLOGGED TABLE rate_limit_counts (
    window_start  timestamptz NOT NULL,
    key           bytea NOT NULL,
    instance      uuid NOT NULL,
    count         bigint NOT NULL,
    PRIMARY KEY (window_start, key, instance)
);
COMMENT ON COLUMN rate_limit_counts.key IS 'which limit, and the lead provider, kind of token or address that is counted';

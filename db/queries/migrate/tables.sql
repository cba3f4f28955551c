-- Where migrations keep count of themselves.
CREATE TABLE IF NOT EXISTS schema_migrations (
    version     bigint PRIMARY KEY,
    name        text NOT NULL,
    applied_at  timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE IF NOT EXISTS schema_functions (
    digest      text NOT NULL,
    applied_at  timestamptz NOT NULL DEFAULT now()
);

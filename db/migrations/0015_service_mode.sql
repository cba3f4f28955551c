-- What the service is open for, said once for all instances.

CREATE TABLE service_mode (
    only_one    boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    mode        text NOT NULL CHECK (mode IN ('open', 'read_only', 'maintenance')),
    ends_at     timestamptz,
    changed_at  timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON COLUMN service_mode.ends_at IS 'from then on the service is open again, without anybody doing anything';
INSERT INTO service_mode (mode) VALUES ('open');

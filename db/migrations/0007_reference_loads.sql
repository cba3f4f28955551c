-- What was loaded from outside the schema itself: the shipped facts, and sample data.

CREATE TABLE reference_loads (
    name       text PRIMARY KEY,
    digest     text NOT NULL,
    loaded_at  timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE reference_loads IS
    'which version of each shipped file was loaded last: until it changes, imported values stay as they are';

CREATE TABLE seed_runs (
    only_one  boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    profile   text NOT NULL,
    seed      bigint NOT NULL,
    as_of     date NOT NULL
);
COMMENT ON TABLE seed_runs IS 'the sample data this database holds, if any';

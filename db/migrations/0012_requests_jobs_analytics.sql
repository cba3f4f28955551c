-- What came in over the API, what runs by the clock, and what is told to analytics.

CREATE TABLE api_requests (
    id                    uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    request_path          text NOT NULL,
    request_method        text NOT NULL,
    request_headers       jsonb NOT NULL,
    request_body          jsonb NOT NULL,
    status_code           integer NOT NULL,
    response_headers      jsonb NOT NULL,
    response_body         jsonb NOT NULL,
    cpd_lead_provider_id  uuid,
    user_description      text,
    request_id            text NOT NULL,
    duration_us           integer NOT NULL,
    created_at            timestamptz NOT NULL,
    updated_at            timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE api_requests IS 'each request to the API, from a queue in memory: what it could not hold is missing';
COMMENT ON COLUMN api_requests.created_at IS 'the end of the request, by the wall clock';
COMMENT ON COLUMN api_requests.cpd_lead_provider_id IS 'no foreign key: it would be checked for every row, and a record outlives whom it names';
CREATE INDEX ON api_requests (created_at, id);
CREATE INDEX ON api_requests (cpd_lead_provider_id, created_at DESC, id) WHERE cpd_lead_provider_id IS NOT NULL;

CREATE TABLE jobs (
    name         text PRIMARY KEY,
    next_run_at  timestamptz,
    failures     integer NOT NULL DEFAULT 0,
    is_dead      boolean NOT NULL DEFAULT false,
    died_at      timestamptz
);
COMMENT ON TABLE jobs IS 'when each scheduled job is due next; whoever runs one holds its row locked';
COMMENT ON COLUMN jobs.next_run_at IS 'null: it has never run, and is due';
COMMENT ON COLUMN jobs.failures IS 'since it last succeeded';
COMMENT ON COLUMN jobs.is_dead IS 'given up until its next regular time';

CREATE TABLE job_runs (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    job          text NOT NULL REFERENCES jobs,
    status       text NOT NULL DEFAULT 'running' CHECK (status IN ('running', 'done', 'failed')),
    error        text,
    done         bigint,
    started_at   timestamptz NOT NULL,
    finished_at  timestamptz
);
COMMENT ON COLUMN job_runs.error IS 'the class of the fault, or interrupted';
COMMENT ON COLUMN job_runs.done IS 'how many things it dealt with';
CREATE INDEX ON job_runs (job, id);

CREATE TABLE analytics_events (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    occurred_at  timestamptz NOT NULL,
    event_type   text NOT NULL CHECK (event_type IN ('web_request', 'create_entity', 'update_entity', 'delete_entity')),
    event        jsonb NOT NULL
);
COMMENT ON TABLE analytics_events IS 'an outbox: analytics export sends it, analytics_purge empties it';
CREATE INDEX ON analytics_events (occurred_at, id);

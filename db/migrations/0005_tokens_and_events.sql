-- Who may call, and what was changed by whom.

CREATE TABLE api_tokens (
    id                  uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    kind                text NOT NULL CHECK (kind IN ('lead_provider', 'engage_and_learn', 'data_studio',
                                                      'npq_registration')),
    lead_provider_id    uuid REFERENCES lead_providers DEFERRABLE,
    digest              bytea NOT NULL UNIQUE CHECK (octet_length(digest) = 32),
    hint                text NOT NULL,
    private_api_access  boolean NOT NULL DEFAULT false,
    expires_at          timestamptz,
    revoked_at          timestamptz,
    last_used_at        timestamptz,
    created_at          timestamptz NOT NULL DEFAULT now(),
    updated_at          timestamptz NOT NULL DEFAULT now(),
    CHECK (kind <> 'lead_provider' OR lead_provider_id IS NOT NULL)
);
COMMENT ON COLUMN api_tokens.digest IS 'HMAC-SHA-256 of the clear token, which is stored nowhere';
COMMENT ON COLUMN api_tokens.hint IS 'the first characters, by which people tell tokens apart';
CREATE INDEX ON api_tokens (lead_provider_id);

CREATE TABLE events (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at            timestamptz NOT NULL DEFAULT clock_timestamp(),
    name          text NOT NULL,
    subject_type  text NOT NULL,
    subject_id    uuid,
    actor         text NOT NULL,
    token_id      uuid,
    request_id    text,
    before        jsonb,
    after         jsonb
);
COMMENT ON TABLE events IS 'append-only: every change of money or training state';
CREATE INDEX ON events (subject_id);

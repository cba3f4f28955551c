-- Signed tokens, tokens that may only read, and tokens that follow one another.

ALTER TABLE api_tokens
    ADD COLUMN is_signed     boolean NOT NULL DEFAULT false,
    ADD COLUMN scope         text NOT NULL DEFAULT 'read-write' CHECK (scope IN ('read', 'read-write')),
    ADD COLUMN successor_id  uuid REFERENCES api_tokens ON DELETE SET NULL,
    ADD CHECK (NOT is_signed OR expires_at IS NOT NULL);
COMMENT ON COLUMN api_tokens.is_signed IS 'a JWT whose jti is the id; the digest is that of its text, too';
COMMENT ON COLUMN api_tokens.successor_id IS 'the token that was issued to take the place of this one';
CREATE INDEX ON api_tokens (successor_id);

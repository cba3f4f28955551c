-- A token that everybody knows, for a provider of the sample data. $1 name of the provider, $2 digest, $3 hint, $4 day
INSERT INTO api_tokens (id, kind, lead_provider_id, digest, hint, created_at, updated_at)
SELECT md5('known token:' || l.name)::uuid, 'lead_provider', l.id, $2, $3, $4::date, $4::date
  FROM lead_providers l
 WHERE l.name = $1 AND l.ecf
    ON CONFLICT (digest) DO NOTHING;

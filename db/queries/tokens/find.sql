-- Who holds this token, if it is valid? $1 digest of an opaque one or NULL, $2 id of a signed one or NULL
SELECT t.id, t.kind, t.private_api_access, t.lead_provider_id, lp.cpd_name,
       coalesce(lp.ecf, false), coalesce(lp.npq, false), t.scope = 'read-write'
  FROM api_tokens t LEFT JOIN lead_providers lp ON lp.id = t.lead_provider_id
 WHERE (t.digest = $1 AND NOT t.is_signed OR t.id = $2 AND t.is_signed)
   AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > now());

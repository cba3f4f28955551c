-- Who holds this token, if it is valid? $1 digest
SELECT t.id, t.kind, t.private_api_access, t.lead_provider_id, lp.cpd_name,
       coalesce(lp.ecf, false), coalesce(lp.npq, false), t.expires_at
  FROM api_tokens t LEFT JOIN lead_providers lp ON lp.id = t.lead_provider_id
 WHERE t.digest = $1 AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > now());

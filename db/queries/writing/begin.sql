-- Says, for this transaction, when it happens and who acts.
-- $1 the request's clock, $2 actor, $3 token, $4 request id
SELECT set_config('cpd.now', $1::timestamptz::text, true), set_config('cpd.actor', $2::text, true),
       set_config('cpd.token', $3::uuid::text, true), set_config('cpd.request', $4::text, true);

-- Withdraws, defers or resumes a training record with one provider.
-- $1 training record, $2 induction record, $3 lead provider, $4 new status, $5 reason or NULL, $6 now
SELECT set_training_status($1, $2, $3, $4, $5, $6)::text;

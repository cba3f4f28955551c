-- Puts a training record on another schedule. $1 training record, $2 induction record, $3 cohort, $4 schedule identifier,
-- $5 programme or NULL, $6 flag: moved out of a frozen cohort, $7 school, $8 now
SELECT set_schedule($1, $2, $3, $4, $5, $6, $7, $8)::text;

-- Says when and why a mentor's training ended, or that it did not. $1 training record, $2 date or NULL, $3 reason or NULL
UPDATE training_records SET mentor_completion_date = $2, mentor_completion_reason = $3
 WHERE id = $1 AND (mentor_completion_date, mentor_completion_reason) IS DISTINCT FROM ($2::date, $3::text);

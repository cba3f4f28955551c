-- Reports a partnership. $1 lead provider, $2 school, $3 cohort, $4 delivery partner, $5 now, $6 existing one or NULL
SELECT report_partnership($1, $2, $3, $4, $5, $6);

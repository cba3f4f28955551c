-- Pays a statement; NULL, or why not. $1 statement, $2 now
SELECT pay_statement($1, $2);

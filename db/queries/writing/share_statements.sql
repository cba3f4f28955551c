-- Keeps the statements of a provider from being closed or paid until this transaction ends. $1 lead provider
SELECT share_statements($1);

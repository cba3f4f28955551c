-- Makes a statement payable; NULL if another run did. $1 statement, $2 now
SELECT close_statement($1, $2);

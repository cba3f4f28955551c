-- What is wrong, in the order of the file? $1 how many at most
SELECT DISTINCT line::bigint, type, id, column_name, problem
  FROM import_problems
 ORDER BY 1, 4 NULLS FIRST, 5
 LIMIT $1;

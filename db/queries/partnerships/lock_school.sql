-- Of several who report a partnership with a school at once, one comes first. $1 school or NULL
SELECT id FROM schools WHERE id = $1::uuid FOR NO KEY UPDATE;

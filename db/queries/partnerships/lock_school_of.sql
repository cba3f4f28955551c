-- Locks the school of a partnership. $1 partnership
SELECT s.id FROM schools s JOIN partnerships p ON p.school_id = s.id WHERE p.id = $1 FOR NO KEY UPDATE OF s;

-- Locks the person that is meant by an id, and those who share the teacher reference number, for one of them may be paid
-- for. $1 id or NULL
WITH person AS (
    SELECT participant_of($1::uuid) AS id
)
SELECT u.id FROM users u
 WHERE u.id IN (SELECT person.id FROM person
                UNION
                SELECT same.user_id FROM person
                  JOIN participants p ON p.user_id = person.id
                  JOIN participants same ON same.trn = p.trn)
 ORDER BY u.id
   FOR NO KEY UPDATE;

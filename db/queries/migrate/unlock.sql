-- Lets the next one in.
SELECT pg_advisory_unlock(hashtext('cpd-api migrate'));

-- Waits for another migration or import to end.
SELECT pg_advisory_lock(hashtext('cpd-api migrate'));

-- Waits for another import, or a migration, to end. Held until this transaction ends.
SELECT pg_advisory_xact_lock(hashtext('cpd-api migrate'));

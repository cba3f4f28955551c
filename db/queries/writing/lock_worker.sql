-- Is this the only worker? The lock is held until the connection ends.
SELECT pg_try_advisory_lock(2, 0);

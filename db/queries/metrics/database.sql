-- What PostgreSQL counts of this database and of its tables, since its statistics were reset.
SELECT d.numbackends, pg_database_size(d.datid), d.deadlocks, d.xact_rollback, t.seq_scan, t.idx_scan
  FROM pg_stat_database d
 CROSS JOIN (SELECT coalesce(sum(seq_scan), 0)::bigint AS seq_scan, coalesce(sum(idx_scan), 0)::bigint AS idx_scan
               FROM pg_stat_user_tables) t
 WHERE d.datname = current_database();

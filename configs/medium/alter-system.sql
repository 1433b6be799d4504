-- ALTER SYSTEM for PostgreSQL 18, profile medium. Made by `athena tune`; make it anew rather than edit it.
--
--   PostgreSQL 18 with pgvector 0.8.7; its build takes wal_compression pglz lz4 zstd,
--   default_toast_compression pglz lz4, io_method sync worker
--   16 GB of memory, 8 cpus, storage ssd
--   workload agent-memory, 100 connections, all may be active at once, no pooler, 1 application process, no
--   replica, WAL not archived
--   memories not counted, 768 dimensions as halfvec, in 8 partitions
--
-- Warning: the server listens on * without a certificate: connections are not encrypted. Tell the paths of a
-- certificate and its key, or keep the server on a network of its own.
--
-- As superuser: psql -X -v ON_ERROR_STOP=1 -f alter-system.sql. Not with --single-transaction: ALTER SYSTEM
-- cannot run inside a transaction block.

-- These count as soon as the server has reloaded.

-- A transaction forgotten open keeps vacuum from removing anything, and dead rows cost an HNSW search its
-- candidates.
ALTER SYSTEM SET idle_in_transaction_session_timeout = '10min';

-- A statement whose client is gone ends within 10 seconds instead of when it has finished.
ALTER SYSTEM SET client_connection_check_interval = '10s';

-- A client that vanished from the network is noticed within two minutes; the operating system would take two
-- hours.
ALTER SYSTEM SET tcp_keepalives_idle = '1min';

-- Six probes, ten seconds apart, after the minute of tcp_keepalives_idle.
ALTER SYSTEM SET tcp_keepalives_interval = '10s';

-- Unanswered probes after which the connection counts as lost.
ALTER SYSTEM SET tcp_keepalives_count = '6';

-- New passwords are kept as SCRAM secrets; md5 hashes can be replayed and are on their way out of PostgreSQL.
ALTER SYSTEM SET password_encryption = 'scram-sha-256';

-- 5.5 GB that nothing else takes / (103 statements at once x 2 sorts or hashes each x hash_mem_multiplier 2).
ALTER SYSTEM SET work_mem = '13824kB';

-- 16 GB / 32, at most 1 GB, for VACUUM and plain indexes. Every session may take it, so an HNSW build sets
-- its own.
ALTER SYSTEM SET maintenance_work_mem = '512MB';

-- Full-page images, most of the log after a checkpoint, get smaller for little CPU.
ALTER SYSTEM SET wal_compression = 'lz4';

-- A third of the full-page images of the default 5 min; a crash then replays at most a quarter of an hour.
ALTER SYSTEM SET checkpoint_timeout = '15min';

-- As large as shared_buffers, within 1 to 16 GB: room to load vectors and build an index without an early
-- checkpoint. A soft limit: 4 GB is not the most that pg_wal can take.
ALTER SYSTEM SET max_wal_size = '4GB';

-- A quarter of max_wal_size, at most 4 GB: segments are used again rather than made new after every quiet
-- spell.
ALTER SYSTEM SET min_wal_size = '1GB';

-- Four times max_wal_size: a replica that never comes back costs that much disk, and not all of it.
ALTER SYSTEM SET max_slot_wal_keep_size = '16GB';

-- What stays for caching of 16 GB after sessions, builds and reserve, at most three quarters: 9.7 GB. In a
-- container the page cache counts against the limit. Takes no memory itself.
ALTER SYSTEM SET effective_cache_size = '9886MB';

-- On solid-state disks a random page costs hardly more than the next one; 1.0 would be right only where all
-- is cached.
ALTER SYSTEM SET random_page_cost = '1.1';

-- Compiling takes longer than these queries do, and a session that did it once keeps 80 MB instead of 12 MB.
ALTER SYSTEM SET jit = 'off';

-- One per core of 8, at most one for each 256 MB, and none below 512 MB: each may sort and hash like a
-- session.
ALTER SYSTEM SET max_parallel_workers = '8';

-- HNSW scans are not parallel, so only sequential scans and joins use these; more would starve other
-- sessions.
ALTER SYSTEM SET max_parallel_workers_per_gather = '2';

-- The leader and these build an index on 8 cores; more than four bring little.
ALTER SYSTEM SET max_parallel_maintenance_workers = '4';

-- Long texts are compressed and read faster than with pglz, at about the same size.
ALTER SYSTEM SET default_toast_compression = 'lz4';

-- 16 GB / 64, at most 512 MB. Said, since each of 3 workers would otherwise take maintenance_work_mem, from
-- PostgreSQL 17 on all of it.
ALTER SYSTEM SET autovacuum_work_mem = '256MB';

-- Shared by 3 workers. The default, 200, was chosen for spinning disks, and vacuum of an HNSW index reads and
-- writes much.
ALTER SYSTEM SET autovacuum_vacuum_cost_limit = '1000';

-- Earlier than at a fifth of the rows: less to do each time, fewer dead rows in between. The largest tables
-- have values of their own.
ALTER SYSTEM SET autovacuum_vacuum_scale_factor = '0.1';

-- The default waits for a tenth of the rows to change, by which time the estimates of a growing store are
-- off.
ALTER SYSTEM SET autovacuum_analyze_scale_factor = '0.05';

-- shared_buffers / 64, at most 64 MB, that is 64 MB: with the default of 2 MB (256 kB in 16) vacuum writes
-- its own pages out again and again.
ALTER SYSTEM SET vacuum_buffer_usage_limit = '64MB';

-- The default reports only runs of ten minutes and more.
ALTER SYSTEM SET log_autovacuum_min_duration = '1min';

-- A filter beside the nearest neighbours otherwise leaves fewer rows than exist: 4.4 of 10 at a filter that a
-- tenth of the rows pass.
ALTER SYSTEM SET hnsw.iterative_scan = 'strict_order';

-- An iterative scan keeps the rows it has seen in work_mem times this and stops, short of rows, when that is
-- full.
ALTER SYSTEM SET hnsw.scan_mem_multiplier = '2';

-- Far above what a search or a page takes.
ALTER SYSTEM SET log_min_duration_statement = '500ms';

-- Parameters are memories and embeddings: private, and ten kilobytes each.
ALTER SYSTEM SET log_parameter_max_length = '0';

-- The same where a statement fails.
ALTER SYSTEM SET log_parameter_max_length_on_error = '0';

-- A migration that waits for an application's lock says so after deadlock_timeout.
ALTER SYSTEM SET log_lock_waits = 'on';

-- A sort or hash that did not fit into work_mem, 13.5 MB, by far.
ALTER SYSTEM SET log_temp_files = '32MB';

-- Whether checkpoints come by time or too early by max_wal_size is seen nowhere else; 14 has it off.
ALTER SYSTEM SET log_checkpoints = 'on';

-- Who changed a table, and when: rare, and wanted afterwards.
ALTER SYSTEM SET log_statement = 'ddl';

-- Who and where, which the default leaves out.
ALTER SYSTEM SET log_line_prefix = '%m [%p] %q%u@%d/%a ';

-- Statements inside functions too: the store searches and remembers through functions.
ALTER SYSTEM SET pg_stat_statements.track = 'all';

-- Tells waiting for the disk from computing, in EXPLAIN and in the statistics views.
ALTER SYSTEM SET track_io_timing = 'on';

-- The same for the log: whether commits wait for the disk.
ALTER SYSTEM SET track_wal_io_timing = 'on';

-- Calls and time of the store's functions, which are PL/pgSQL.
ALTER SYSTEM SET track_functions = 'pl';

-- These wait for a restart.

-- Inside a container only published ports can be reached from outside, and without this not even those.
ALTER SYSTEM SET listen_addresses = '*';

-- Every session takes memory whether it works or waits; for more clients put a pooler in front, not more
-- sessions.
ALTER SYSTEM SET max_connections = '100';

-- Monitoring and migrations, by roles with pg_use_reserved_connections, get in when applications took the
-- rest.
ALTER SYSTEM SET reserved_connections = '2';

-- A quarter of 16 GB; sessions, builds and the page cache need the rest.
ALTER SYSTEM SET shared_buffers = '4GB';

-- Where the host has some set aside, silently none otherwise; without them every session needs up to 8 MB of
-- page tables.
ALTER SYSTEM SET huge_pages = 'try';

-- A search across projects locks 8 partitions and each of their indexes; 64, the default, is for small
-- schemas.
ALTER SYSTEM SET max_locks_per_transaction = '128';

-- max_parallel_workers 8, and four for extensions and logical replication, at least 8 (4 below 1 GB).
ALTER SYSTEM SET max_worker_processes = '12';

-- Works everywhere. io_uring can keep a server from starting: locked memory runs out at many connections, and
-- containers block it.
ALTER SYSTEM SET io_method = 'worker';

-- Which statements take the time; read with CREATE EXTENSION pg_stat_statements.
ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements';

-- Hybrid searches are longer than the 1 kB after which the default cuts them off.
ALTER SYSTEM SET track_activity_query_size = '4kB';

-- PostgreSQL's default is right here: takes back what was set for other facts.
ALTER SYSTEM RESET hash_mem_multiplier;
ALTER SYSTEM RESET summarize_wal;
ALTER SYSTEM RESET max_wal_senders;
ALTER SYSTEM RESET max_replication_slots;
ALTER SYSTEM RESET hot_standby_feedback;
ALTER SYSTEM RESET wal_log_hints;
ALTER SYSTEM RESET log_replication_commands;
ALTER SYSTEM RESET default_statistics_target;
ALTER SYSTEM RESET effective_io_concurrency;
ALTER SYSTEM RESET maintenance_io_concurrency;
ALTER SYSTEM RESET io_workers;
ALTER SYSTEM RESET autovacuum_max_workers;
ALTER SYSTEM RESET log_recovery_conflict_waits;

SELECT pg_reload_conf();

-- Restart the server where one of these has changed: listen_addresses, max_connections, reserved_connections,
-- shared_buffers, huge_pages, max_locks_per_transaction, max_worker_processes, io_method,
-- shared_preload_libraries, track_activity_query_size. Which ones have:
-- SELECT name FROM pg_settings WHERE pending_restart;

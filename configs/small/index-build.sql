-- Session that builds a vector index, profile small. Made by `athena tune`; make it anew rather than edit it.
--
--   PostgreSQL 18 with pgvector 0.8.7; its build takes wal_compression pglz lz4 zstd,
--   default_toast_compression pglz lz4, io_method sync worker
--   4 GB of memory, 2 cpus, storage ssd
--   workload agent-memory, 40 connections, all may be active at once, no pooler, 1 application process, no
--   replica, WAL not archived
--   memories not counted, 768 dimensions as halfvec, in 8 partitions
--
-- Index: hnsw. The default, since nobody told how many rows there will be.
-- m = 16: pgvector's default. 32 would take 512 bytes a row more to build; raise it when the recall you
-- measure stays low at ef_search 400.
-- ef_construction = 64: pgvector's default; it has to be twice m, 32, at least.
-- hnsw.ef_search = 100: A project in one of 8 or 16 graphs is found with a recall of .95 to .97 in 2 ms; for
-- all projects 60 would do. The default, 40, gave .915.
-- hnsw.iterative_scan = relaxed_order: Without it a filter on project or type is applied to the candidates
-- only: 4.4 of 10 rows were returned. Sort again by distance afterwards.
-- hnsw.max_scan_tuples = 20000: pgvector's default: it ends the search for a filter that hardly any row
-- passes after about 33 ms.
-- hnsw.scan_mem_multiplier = 2: An iterative scan holds its visited rows in work_mem times this, one by
-- default, and stops when that is full.
--
-- In psql before CREATE INDEX or REINDEX INDEX CONCURRENTLY, in the same session; not through a pooler in
-- transaction mode. It needs 576 MB in /dev/shm.

-- 512 MB, an eighth of the memory, since nobody told how many rows; a parallel build takes it in /dev/shm,
-- all at once. 1 worker beside the leader on 2 cores.
SET maintenance_work_mem = '512MB';

-- They help the session, which builds as well, and share its memory.
SET max_parallel_maintenance_workers = 1;

-- A build takes as long as it takes; a limit for applications, by role or database, must not end it.
SET statement_timeout = 0;

-- How far it is, from another session:
-- SELECT relid::regclass, phase, blocks_done, blocks_total, tuples_done FROM pg_stat_progress_create_index;

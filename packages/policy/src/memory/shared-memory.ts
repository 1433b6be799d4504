import type { ServerFacts } from '../facts/server-facts.ts'
import { clamp } from '../rounding.ts'
import type { Get } from '../settings/setting-rule.ts'
import { kB, MB } from '../units.ts'

/**
 * Bytes of shared memory that PostgreSQL asks for at its start: never less than the server's own shared_memory_size, and at most a few
 * percent more. Fitted to what `postgres -C shared_memory_size` says on 15 to 18, in docs/decisions/2026-11-24-tuning-policy.md.
 */
export function sharedMemorySize({ postgres }: ServerFacts, get: Get): number {
  const buffers = get.number('shared_buffers')
  const wal = get.number('wal_buffers')
  const is18 = postgres.version >= 18
  const processes =
    get.number('max_connections') +
    get.number('max_worker_processes') +
    get.number('max_wal_senders') +
    get.number(is18 ? 'autovacuum_worker_slots' : 'autovacuum_max_workers')
  const locks = get.number('max_locks_per_transaction') * (processes + get.number('max_prepared_transactions'))
  const megabytes =
    5 +
    (1.034 * buffers) / MB +
    (1.03 * (wal > 0 ? wal : Math.min(buffers / 32, 16 * MB))) / MB +
    0.022 * processes +
    0.0004 * locks +
    (is18 ? 2 + handles(buffers, processes, get) : 0)
  return Math.ceil(megabytes * MB + statistics(get, processes))
}

/** What asynchronous I/O keeps for every process, in MB: 0.53 kB for each request that it may have under way. */
function handles(buffers: number, processes: number, get: Get): number {
  const most = processes + 40
  const told = get.number('io_max_concurrency')
  const each = told > 0 ? told : clamp(Math.floor(buffers / (8 * kB) / most), 1, 64)
  return (0.53 / 1024) * most * each
}

/** Texts of running statements, and 0.4 kB for each that pg_stat_statements remembers. */
function statistics(get: Get, processes: number): number {
  const texts = Math.max(get.number('track_activity_query_size') - kB, 0) * (processes + 40)
  return texts + (get.text('shared_preload_libraries').includes('pg_stat_statements') ? 5000 * 0.4 * kB : 0)
}

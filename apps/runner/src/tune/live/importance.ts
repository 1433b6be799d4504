/** What decides most first: memory, then the log, then the planner. The others follow in the order of the recommendation. */
const first: readonly string[] = [
  'shared_buffers',
  'max_connections',
  'work_mem',
  'hash_mem_multiplier',
  'maintenance_work_mem',
  'autovacuum_work_mem',
  'autovacuum_max_workers',
  'max_wal_size',
  'checkpoint_timeout',
  'max_worker_processes',
  'max_parallel_workers',
  'effective_cache_size',
  'random_page_cost',
  'effective_io_concurrency',
  'shared_preload_libraries',
]

export function byImportance<T extends { readonly name: string }>(settings: readonly T[]): T[] {
  const rank = ({ name }: T): number => (first.includes(name) ? first.indexOf(name) : first.length)
  return settings.toSorted((one, other) => rank(one) - rank(other))
}

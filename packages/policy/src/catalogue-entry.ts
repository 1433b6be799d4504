/** One row of pg_settings, as far as it is the same on every machine. */
export interface CatalogueEntry {
  readonly name: string
  readonly type: 'bool' | 'integer' | 'real' | 'string' | 'enum'
  /** Of a plain number; undefined: a number without unit. */
  readonly unit?: 'B' | 'kB' | '8kB' | 'MB' | 'ms' | 's' | 'min'
  readonly context: 'internal' | 'postmaster' | 'sighup' | 'superuser-backend' | 'backend' | 'superuser' | 'user'
  /** boot_val; null where it depends on the machine. */
  readonly default: string | null
  readonly min?: number
  readonly max?: number
  /** Of an enum, as the barest build has them. */
  readonly values?: readonly string[]
  /** What builds with lz4, zstd or liburing accept more. */
  readonly richValues?: readonly string[]
  /** Its items are quoted one by one by ALTER SYSTEM. */
  readonly list?: true
}

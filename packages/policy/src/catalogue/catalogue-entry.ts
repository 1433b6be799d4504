/** One row of pg_settings, as far as it is the same on every machine. */
export interface CatalogueEntry {
  readonly name: string
  readonly type: 'bool' | 'integer' | 'real' | 'string' | 'enum'
  /** Of a plain number; undefined: a number without unit. */
  readonly unit?: 'B' | 'kB' | '8kB' | 'MB' | 'ms' | 's' | 'min'
  readonly context: 'internal' | 'postmaster' | 'sighup' | 'superuser-backend' | 'backend' | 'superuser' | 'user'
  /** boot_val; null where there is none, or where it depends on the machine or the build. */
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

/** A setting that exists once its library is preloaded. */
export interface ExtensionEntry extends CatalogueEntry {
  readonly library: 'vector' | 'pg_stat_statements' | 'auto_explain'
  /** The first PostgreSQL whose library has it, where that is not 14. */
  readonly sincePostgres?: 16 | 17 | 18
  /** The first pgvector that has it, where that is not long ago. */
  readonly sincePgvector?: string
}

import type { ServerFacts } from './facts/server-facts.ts'
import type { SettingValue, Source } from './settings/setting-rule.ts'
import type { VectorAdvice } from './vectors/vector-advice.ts'

/** When a changed value counts: after a reload, after a restart, or for sessions that begin after a reload. */
export type TakesEffect = 'reload' | 'restart' | 'session'

export interface Setting {
  readonly name: string
  /** As a postgresql.conf has it, without quotes: `4GB`, `15min`, `on`, `lz4`. */
  readonly value: string
  /** The same as a value: memory in bytes, times in milliseconds. */
  readonly amount: SettingValue
  /** PostgreSQL's own default in this version, in the same form; null where it depends on the machine. */
  readonly default: string | null
  readonly reason: string
  readonly source: Source
  readonly takesEffect: TakesEffect
  /** Section of a postgresql.conf: `Memory`. */
  readonly topic: string
}

export interface MemoryPart {
  readonly name:
    | 'shared memory'
    | 'sessions'
    | 'page tables'
    | 'sorts and hashes'
    | 'autovacuum'
    | 'index build'
    | 'pooler'
  readonly bytes: number
  /** The arithmetic. */
  readonly reason: string
}

/** What the server takes at worst, in bytes; `worstCase` is the sum of the parts and at most `limit` - `reserve`. */
export interface MemoryBudget {
  readonly limit: number
  /** For the operating system and what is not counted. */
  readonly reserve: number
  readonly worstCase: number
  readonly parts: readonly MemoryPart[]
}

export interface Warning {
  /** snake_case noun phrase. */
  readonly code: string
  readonly message: string
  /** What to do about it. */
  readonly hint?: string
}

/** Who may open how many connections. */
export interface PoolAdvice {
  /** max_connections less what is reserved for superusers and maintenance. */
  readonly usable: number
  /** Kept free for migrations, index builds, monitoring and people. */
  readonly direct: number
  /** In every application process: ATHENA_POSTGRES_MIN_SIZE and ATHENA_POSTGRES_MAX_SIZE. */
  readonly application: { readonly processes: number; readonly min: number; readonly max: number }
  /** undefined: no pooler. */
  readonly pooler?: {
    /** Server connections for applications, in transaction mode. */
    readonly poolSize: number
    readonly reserve: number
    readonly min: number
    /** Server connections of the alias in session mode, for migrations and LISTEN. */
    readonly sessionPoolSize: number
    /** Client connections. */
    readonly clients: number
  }
  readonly reason: string
}

/** Storage parameters of one table, with reasons: for ALTER TABLE … SET. */
export interface TableAdvice {
  /** In the schema athena. */
  readonly table: string
  /** Then the parameters are for each of its partitions: PostgreSQL takes none on the table itself. */
  readonly partitioned: boolean
  readonly parameters: readonly { readonly name: string; readonly value: string; readonly reason: string }[]
}

export interface Recommendation {
  readonly facts: ServerFacts
  readonly settings: readonly Setting[]
  readonly memory: MemoryBudget
  readonly pools: PoolAdvice
  readonly vectors: VectorAdvice
  readonly tables: readonly TableAdvice[]
  readonly warnings: readonly Warning[]
}

import type { MemoryBudget, Setting } from '@athena-pg/policy'
import type { UndoRecord, Written } from './undo-record.ts'

/** What an apply is about to do. */
export interface ApplyPlan {
  readonly location: string
  /** Of postgresql.auto.conf, or of the included file. */
  readonly changes: readonly Written[]
  /** The recommended ones among them. */
  readonly settings: readonly Setting[]
  /** undefined: by ALTER SYSTEM. */
  readonly file: UndoRecord['file'] | undefined
  readonly before: MemoryBudget
  readonly after: MemoryBudget
  readonly warnings: readonly string[]
  /** What only a restart shows. */
  readonly unchecked: readonly string[]
  readonly notes: readonly string[]
}

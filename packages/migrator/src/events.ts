import type { LockHolder } from './lock.ts'
import type { Plan, PlannedFunction, PlannedMigration } from './plan.ts'
import type { Blocker } from './waiting/blockers.ts'

export interface Applied {
  id: string
  kind: 'migration' | 'function'
  direction: 'up' | 'down'
  milliseconds: number
}

export interface IndexProgress {
  index: string
  /** The partition it is built on, where the table is partitioned, with its number and how many there are. */
  partition?: { name: string; number: number; of: number }
  /** As pg_stat_progress_create_index tells; empty until it has something. */
  phase: string
  /** Share of the phase that is done, 0 to 1; undefined where the phase cannot be measured. */
  done?: number
  /** The session that the build waits for. */
  waitsFor?: number
}

export interface BatchProgress {
  /** Of the migration. */
  id: string
  statement: string
  /** Rows changed so far, by this run. */
  rows: number
  /** Since the statement began in this run. */
  seconds: number
  /** Rows of the largest table that it reads, as the planner estimates them: at most so many are to be changed. */
  tableRows: number | undefined
}

/** What a run tells while it goes on; each is optional. */
export interface PlanEvents {
  /** Another runner holds the lock. */
  waiting?(holder: LockHolder | undefined): void
  /** The plan as it is under the lock: another runner may have done some of it. */
  planned?(plan: Plan): void
  started?(migration: PlannedMigration): void
  /** A no-transaction migration goes on where an interrupted run left it. */
  resumed?(migration: PlannedMigration, done: number): void
  /** A statement waits for a lock; told while it waits, once for each session that turns out to hold it. Servers only. */
  blocked?(what: { what: string; blockers: readonly Blocker[] }): void
  /** A try found a lock taken; the next comes after `pause` milliseconds. `blockers` as they were last seen. */
  retry?(what: { what: string; attempt: number; pause: number; blockers: readonly Blocker[] }): void
  progress?(progress: IndexProgress): void
  /** One more batch of a repeated statement is committed. */
  batched?(progress: BatchProgress): void
  applied?(applied: Applied): void
  /** A function that no longer fits after going down; the reason is PostgreSQL's. */
  leftOut?(planned: PlannedFunction, reason: string): void
}

import { AthenaError } from '@athena-pg/database'
import type { AppliedMigration } from '../ledger.ts'
import type { Plan } from '../plan.ts'
import type { WorkSession } from '../session.ts'
import { withDependents } from './plan-functions.ts'

/**
 * Going down below a no-transaction migration that was interrupted on its way up would take away what its first statements
 * made, while the attempt goes on saying that they are done.
 * @throws AthenaError `unfinished_migration`
 */
export async function assertNoneUnfinished(session: WorkSession, plan: Plan): Promise<void> {
  if (plan.target.direction === 'up') return
  const { rows } = await session.client.query<{ name: string; done: number; of: number }>(
    `SELECT name, done, cardinality(statements) AS of FROM athena_migrations.attempts a
      WHERE direction = 'up' AND done > 0 AND NOT EXISTS (SELECT FROM athena_migrations.migrations m WHERE m.name = a.name)`,
  )
  const affected = withDependents(plan.packages, new Set(plan.migrations.map((migration) => migration.package)))
  const files = plan.packages.filter(({ name }) => affected.has(name)).flatMap(({ migrations }) => migrations)
  const unfinished = rows.find((row) => files.some(({ id }) => id === row.name))
  if (unfinished === undefined) return
  throw new AthenaError({
    code: 'unfinished_migration',
    message: `migration ${unfinished.name} was interrupted, and is neither applied nor not`,
    detail: `${unfinished.done} of its ${unfinished.of} statements are done.`,
    hint: 'Finish it first: athena migrate up. Then go down. Where it cannot be finished: athena migrate repair',
  })
}

/**
 * Going up while a no-transaction migration is half taken back would call it applied.
 * @throws AthenaError `unfinished_migration`
 */
export function assertNoneHalfDown(applied: readonly AppliedMigration[]): void {
  const half = applied.find((row) => row.undone !== null)
  if (half === undefined) return
  throw new AthenaError({
    code: 'unfinished_migration',
    message: `migration ${half.id} was interrupted on its way down, and is neither applied nor not`,
    detail: `${half.undone} statements of its Down section are done.`,
    hint: 'Finish it first: athena migrate down. Then go up. Where it cannot be finished: athena migrate repair',
  })
}

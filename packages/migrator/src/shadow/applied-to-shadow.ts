import { AthenaError } from '@athena-pg/database'
import type pg from 'pg'
import { apply } from '../apply.ts'
import type { MigrationPackage } from '../discover.ts'
import { plan, type Target } from '../plan.ts'
import { type ShadowOptions, withShadow } from './shadow.ts'

/**
 * What `read` finds in an empty database once packages were applied to it.
 * @param purpose of the session, for pg_stat_activity
 * @throws AthenaError `shadow_failed`, and what making a shadow throws
 */
export async function appliedToShadow<T>(
  options: ShadowOptions,
  purpose: string,
  packages: readonly MigrationPackage[],
  target: Target,
  read: (client: pg.ClientBase) => Promise<T>,
): Promise<T> {
  return withShadow(options, async (shadow) => {
    const client = await shadow.open(purpose)
    try {
      await apply(shadow, await plan(client, packages, target))
      return await read(client)
    } catch (error) {
      throw error instanceof AthenaError && error.code === 'migration_failed' ? shadowFailed(error) : error
    } finally {
      await client.end().catch(() => undefined)
    }
  })
}

function shadowFailed(cause: AthenaError): AthenaError {
  return new AthenaError({
    code: 'shadow_failed',
    message: 'the migrations do not run on an empty database, so there is nothing to compare this one with',
    detail: [cause.message, cause.detail].filter(Boolean).join('\n'),
    hint: 'Do they need what another tool made? Then its schema has to be a migration, too. Or try them on a server of the same version: --shadow-url. This database was not changed.',
    cause,
  })
}

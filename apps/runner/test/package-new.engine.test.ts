import { join } from 'node:path'
import { discover } from '@athena-pg/migrator'
import { expect, test } from 'vitest'
import { onEachEngine } from '../../../test/engines.ts'
import { freshDatabase } from '../../../test/fresh-database.ts'
import { everything, migrate, query } from '../../../test/migrating.ts'
import { temporaryFolder } from '../../../test/packages.ts'
import { athena } from './athena.ts'

onEachEngine('what athena package new writes', (engine) => {
  const current = freshDatabase(engine)

  // Names for which everything about identifiers matters: a word of SQL, a digit first and more than fits.
  test.each(['user', `@3d/${'very-'.repeat(20)}long`])(
    '%s goes up, down and up again, and does what it says',
    async (name) => {
      const cwd = temporaryFolder()
      const { status } = await athena(['package', 'new', name, '--folder', 'new'], { cwd })
      expect(status).toBe(0)
      const packages = discover({ packages: [name], project: join(cwd, 'new'), resolveFrom: [import.meta.dirname] })
      const [latest] = packages.at(-1)?.functions ?? []
      const { database } = current()
      await migrate(database, packages, { only: ['@athena-pg/schema'] })
      const without = await everything(database)
      await migrate(database, packages)
      await migrate(database, packages, { direction: 'down', to: 'zero', only: [name] })
      expect(await everything(database)).toBe(without)
      await migrate(database, packages)
      const table = latest?.name.replace('latest_', '')
      await query(
        database,
        `WITH p AS (INSERT INTO athena.projects (name) VALUES ('one') RETURNING id)
         INSERT INTO athena.${table} (project_id, body) SELECT p.id, b FROM p, unnest(ARRAY['first', 'second']) AS b`,
      )
      expect(await query(database, `SELECT body FROM athena.${latest?.name}(1, 1)`)).toEqual([{ body: 'second' }])
    },
  )
})

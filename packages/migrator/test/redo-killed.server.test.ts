import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { node } from '../../../test/athena.ts'
import { onEachEngine } from '../../../test/engines.ts'
import { empty, freshDatabase } from '../../../test/fresh-database.ts'
import { migrate, packagesOf, query, withClient } from '../../../test/migrating.ts'
import { installed, migration, type PackageSource } from '../../../test/packages.ts'
import { catalogue } from '../src/index.ts'

const driver = fileURLToPath(new URL('redo-kill-at.ts', import.meta.url))
const shop: PackageSource = {
  migrations: {
    '20260101000000_create_shop': migration(
      'CREATE SCHEMA shop; CREATE TABLE shop.orders (id int, note text);',
      'DROP SCHEMA shop CASCADE;',
    ),
    '20260102000000_index_orders': migration(
      'CREATE INDEX CONCURRENTLY idx_id ON shop.orders (id); CREATE INDEX CONCURRENTLY idx_note ON shop.orders (note);',
      'DROP INDEX CONCURRENTLY shop.idx_note; DROP INDEX CONCURRENTLY shop.idx_id;',
      '--! no-transaction',
    ),
    '20260103000000_create_notes': migration('CREATE TABLE shop.notes ();', 'DROP TABLE shop.notes;'),
  },
  functions: {
    total:
      'CREATE OR REPLACE FUNCTION shop.total () RETURNS bigint LANGUAGE sql AS $$ SELECT count(*) FROM shop.notes $$;',
  },
}
/** Of a whole run: each migration started and ended, twice, two indexes, and the function. */
const boundaries = 15

onEachEngine('redo, killed', (engine) => {
  const db = freshDatabase(engine)

  test('at any boundary is survived: down or up finishes it, and the catalogue is what it was', {
    timeout: 600_000,
  }, async () => {
    const { database, url = '' } = db()
    const project = installed({ shop })
    const packages = packagesOf({ shop })
    const state = async () => ({
      text: await withClient(database, (client) => catalogue(client, ['shop'])),
      rows: await query(database, 'SELECT name FROM athena_migrations.migrations ORDER BY id'),
      attempts: await query(database, 'SELECT * FROM athena_migrations.attempts'),
    })
    await migrate(database, packages)
    const wanted = await state()
    const run = (at: number) => node(driver, [url, project, String(at), '3', 'shop'], { cwd: project, env: {} }).ended
    expect(await run(0)).toMatchObject({ status: 0, stdout: String(boundaries), stderr: '' })
    expect(await state()).toEqual(wanted)
    for (let at = 1; at <= boundaries; at += 1) {
      await empty(database)
      await migrate(database, packages)
      expect((await run(at)).signal, `boundary ${at}`).toBe('SIGKILL')
      const [half] = await query(
        database,
        "SELECT FROM athena_migrations.attempts WHERE direction = 'down' AND done > 0",
      )
      if (half !== undefined) await migrate(database, packages, { direction: 'down' })
      await migrate(database, packages)
      expect(await state(), `boundary ${at}`).toEqual(wanted)
    }
  })
})

import { expect, test, vi } from 'vitest'
import { onEachEngine } from '../../../test/engines.ts'
import { freshDatabase } from '../../../test/fresh-database.ts'
import { migrate, query } from '../../../test/migrating.ts'
import { realPackages } from '../../../test/real-packages.ts'
import { withShadow } from '../src/shadow/shadow.ts'

// A scratch database takes seconds, and many more on a busy machine.
vi.setConfig({ testTimeout: 300_000 })

onEachEngine('a shadow', (engine) => {
  const db = freshDatabase(engine)
  const urlOf = () => (engine.kind === 'server' ? { url: db().url } : {})

  test('is an empty database on which packages go up, and is gone afterwards', async () => {
    const names = await withShadow(urlOf(), async (shadow) => {
      expect(await query(shadow, "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'athena%'")).toEqual([])
      await migrate(shadow, realPackages(), { to: '20261122090010_create_projects' })
      const [row] = await query<{ name: string }>(shadow, 'SELECT current_database() AS name FROM athena.projects')
      expect(row).toBeUndefined()
      return query<{ name: string }>(shadow, 'SELECT current_database() AS name')
    })
    if (engine.kind === 'embedded') return
    expect(names[0]?.name).toMatch(/^athena_shadow_[0-9a-f]{16}$/)
    expect(await shadows()).not.toContain(names[0]?.name)
    expect(await query(db().database, "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'athena%'")).toEqual([])
  })

  test('is gone also when the work fails, and its error is the one that is told', async () => {
    let name: string | undefined
    const work = withShadow(urlOf(), async (shadow) => {
      name = (await query<{ name: string }>(shadow, 'SELECT current_database() AS name'))[0]?.name
      await query(shadow, 'SELECT 1/0')
    })
    await expect(work).rejects.toThrow('division by zero')
    if (engine.kind === 'server') expect(await shadows()).not.toContain(name)
  })

  async function shadows(): Promise<string[]> {
    const rows = await query<{ name: string }>(db().database, 'SELECT datname AS name FROM pg_database')
    return rows.map(({ name }) => name)
  }
})

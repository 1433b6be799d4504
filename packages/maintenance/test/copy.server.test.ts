import { openEmbedded } from '@athena-pg/database'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { onEachEngine, type TestDatabase } from '../../../test/engines.ts'
import { query } from '../../../test/migrating.ts'
import { refusal } from '../../../test/refusals.ts'
import { type Copied, type CopyOptions, type CopyOrigin, copy } from '../src/copy/index.ts'
import { adoptStore, installStore, rowsOf } from './adopting.ts'
import { formerRows, formerTables } from './former-store.ts'

onEachEngine('copying a store of ours', (engine) => {
  vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 })
  let from: TestDatabase

  beforeAll(async () => {
    from = await engine.create()
    await fill(from.database)
  })
  afterAll(() => from.drop())

  /** A store with rows in every table. */
  async function fill(database: TestDatabase['database']): Promise<void> {
    await installStore(database)
    await query(database, formerTables('old') + formerRows('old', 150))
    await adoptStore(database)
    await query(database, 'DROP SCHEMA old CASCADE; DROP SCHEMA athena_adoption CASCADE')
    await query(database, 'UPDATE athena.search_settings SET ef_search = 77')
    await query(
      database,
      "INSERT INTO athena.search_settings (project_id, ef_search) SELECT id, 99 FROM athena.projects WHERE name = 'project 2'",
    )
    await query(database, 'UPDATE athena.memories SET indexed = true WHERE embedding IS NOT NULL AND id % 2 = 0')
    // Ids that were given once are not given again.
    await query(database, "SELECT setval(pg_get_serial_sequence('athena.plans', 'id'), 5000)")
  }

  async function copying(
    source: TestDatabase['database'],
    target: TestDatabase['database'],
    origin: Partial<CopyOrigin> = {},
    options: Partial<CopyOptions> = {},
  ): Promise<Copied> {
    const reader = await source.open('spec copy source')
    const writer = await target.open('spec copy')
    const whole = { location: source.location, projects: [], ...origin }
    return copy(reader, writer, whole, { batch: 40, ...options }).finally(async () => {
      await reader.end()
      await writer.end()
    })
  }

  async function withTarget(work: (target: TestDatabase) => Promise<void>): Promise<void> {
    const target = await engine.create()
    try {
      await installStore(target.database)
      await work(target)
    } finally {
      await target.drop()
    }
  }

  test('from server to server and back into a third: every row of every table is the same', async () => {
    const before = await rowsOf(from.database, 'athena')
    await withTarget(async (second) => {
      const copied = await copying(from.database, second.database)
      expect(copied.same).toBe(true)
      expect(copied.tables.length).toBe(Object.keys(before).length)
      for (const { table, sourceRows, targetRows, checksum } of copied.tables) {
        expect([table, targetRows, checksum.target]).toEqual([table, sourceRows, checksum.source])
        expect([table, sourceRows > 0]).toEqual([table, true])
      }
      expect(await rowsOf(second.database, 'athena')).toEqual(before)
      await withTarget(async (third) => {
        expect((await copying(second.database, third.database)).same).toBe(true)
        expect(await rowsOf(third.database, 'athena')).toEqual(before)
      })
      // New rows get new ids, and nothing of the copy's own is left.
      await query(
        second.database,
        "INSERT INTO athena.plans (project_id, name) SELECT min(id), 'new' FROM athena.projects",
      )
      expect(await query(second.database, 'SELECT max(id)::int AS id FROM athena.plans')).toEqual([{ id: 5001 }])
      expect(await query(second.database, "SELECT to_regnamespace('athena_copy') AS left")).toEqual([{ left: null }])
    })
    expect(await rowsOf(from.database, 'athena')).toEqual(before)
  })

  test('from the embedded database to a server', async () => {
    const embedded = await openEmbedded()
    try {
      await fill(embedded)
      await withTarget(async (target) => {
        const copied = await copying(embedded, target.database)
        expect(copied.tables.filter(({ same }) => !same)).toEqual([])
        expect(await rowsOf(target.database, 'athena')).toEqual(await rowsOf(embedded, 'athena'))
      })
    } finally {
      await embedded.close()
    }
  })

  test('only the projects that are named, and what is theirs', async () => {
    await withTarget(async (target) => {
      const copied = await copying(from.database, target.database, { projects: ['project 2', 'project 4'] })
      expect(copied.same).toBe(true)
      expect(await query(target.database, 'SELECT name FROM athena.projects ORDER BY name')).toEqual([
        { name: 'project 2' },
        { name: 'project 4' },
      ])
      const settings = await query(
        target.database,
        'SELECT project_id IS NULL AS is_default, ef_search FROM athena.search_settings ORDER BY 1',
      )
      // The default of the target stays its own.
      expect(settings).toEqual([
        { is_default: false, ef_search: 99 },
        { is_default: true, ef_search: 100 },
      ])
      const [memories] = copied.tables.filter(({ table }) => table === 'memories')
      expect(memories?.sourceRows).toBeGreaterThan(0)
      expect(memories?.sourceRows).toBeLessThan(150)
    })
  })

  test('a run that stops in the middle of a table is gone on with', async () => {
    await withTarget(async (target) => {
      for (const stopAt of ['memories', 'tasks', 'tasks.parent_id', 'memory_links']) {
        const stopped = copying(
          from.database,
          target.database,
          {},
          {
            progress: (unit, rows) => {
              if (unit === stopAt && rows > 0) throw new Error(`stopped at ${unit}`)
            },
          },
        )
        await expect(stopped).rejects.toThrow(`stopped at ${stopAt}`)
        const other = await refusal(() => copying(from.database, target.database, { projects: ['project 2'] }))
        expect(other).toMatchObject({ code: 'copy_of_another_source' })
      }
      expect((await copying(from.database, target.database)).same).toBe(true)
      expect(await rowsOf(target.database, 'athena')).toEqual(await rowsOf(from.database, 'athena'))
    })
  })

  describe('is refused, with nothing written,', () => {
    test('into a store that is not empty', async () => {
      await withTarget(async (target) => {
        await query(target.database, "INSERT INTO athena.projects (name) VALUES ('mine')")
        const refused = await refusal(() => copying(from.database, target.database))
        expect(refused).toMatchObject({ code: 'target_not_empty', detail: expect.stringContaining('athena.projects') })
        expect(await query(target.database, 'SELECT name FROM athena.projects')).toEqual([{ name: 'mine' }])
        expect(await query(target.database, "SELECT to_regnamespace('athena_copy') AS made")).toEqual([{ made: null }])
      })
    })

    test('into one of other dimensions, or without a store', async () => {
      const target = await engine.create()
      try {
        const without = await refusal(() => copying(from.database, target.database))
        expect(without).toMatchObject({ code: 'store_missing' })
        await installStore(target.database, 4)
        const refused = await refusal(() => copying(from.database, target.database))
        expect(refused).toMatchObject({
          code: 'stores_differ',
          detail: expect.stringContaining('halfvec(3) in the source'),
        })
      } finally {
        await target.drop()
      }
    })

    test('of a project that is not there', async () => {
      await withTarget(async (target) => {
        const refused = await refusal(() =>
          copying(from.database, target.database, { projects: ['nobody', 'project 1'] }),
        )
        expect(refused).toMatchObject({ code: 'project_missing', message: expect.stringContaining('"nobody"') })
      })
    })
  })

  test('asking counts, and writes nothing', async () => {
    await withTarget(async (target) => {
      const before = await rowsOf(target.database, 'athena')
      const { tables } = await copying(from.database, target.database, {}, { dryRun: true })
      expect(tables.find(({ table }) => table === 'plans')).toMatchObject({ sourceRows: 60, targetRows: 0 })
      expect(await rowsOf(target.database, 'athena')).toEqual(before)
      expect(await query(target.database, "SELECT to_regnamespace('athena_copy') AS made")).toEqual([{ made: null }])
    })
  })

  test('a write to the target meanwhile is found out', async () => {
    await withTarget(async (target) => {
      const copied = await copying(
        from.database,
        target.database,
        {},
        {
          progress: (unit, rows) => {
            if (unit === 'memories' && rows === 40)
              void query(target.database, 'UPDATE athena.memories SET confidence = .123')
          },
        },
      )
      expect(copied.same).toBe(false)
      expect(copied.tables.filter(({ same }) => !same).map(({ table }) => table)).toEqual(['memories'])
    })
  })
})

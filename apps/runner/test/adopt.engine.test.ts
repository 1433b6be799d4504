import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { formerRows, formerTables } from '../../../packages/maintenance/test/former-store.ts'
import { onEachEngine, type TestDatabase } from '../../../test/engines.ts'
import { query } from '../../../test/migrating.ts'
import { temporaryFolder } from '../../../test/packages.ts'
import { refusal } from '../../../test/refusals.ts'
import { type AdoptFlags, runAdopt } from '../src/adopt/run-adopt.ts'
import { command } from '../src/commands/adopt.ts'
import { faultsOf } from './json-schemas.ts'
import { installStore } from './store.ts'

onEachEngine('athena adopt', (engine) => {
  vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 })
  let db: TestDatabase
  beforeAll(async () => {
    db = await engine.create()
    await installStore(db.database)
    await query(db.database, formerTables('old') + formerRows('old', 60))
  })
  afterAll(() => db.drop())
  beforeEach(() =>
    query(db.database, 'DROP SCHEMA IF EXISTS athena_adoption CASCADE; TRUNCATE athena.projects CASCADE'),
  )

  async function running(
    flags: Partial<AdoptFlags>,
    json = false,
  ): Promise<{ status: number; out: string[]; talk: string[] }> {
    const out: string[] = []
    const talk: string[] = []
    const status = await runAdopt({
      options: { from: 'old', batch: '50', ...flags },
      json,
      env: {},
      isTerminal: false,
      print: (line) => void out.push(line),
      talk: (line) => void talk.push(line),
      atEnd: () => {},
      openDatabase: async () => db.database,
    })
    return { status, out, talk }
  }

  async function asJson(flags: Partial<AdoptFlags>): Promise<Record<string, unknown> & { status: number }> {
    const { status, out } = await running(flags, true)
    expect(out).toHaveLength(1)
    const printed = JSON.parse(out[0] ?? '')
    expect(faultsOf(command.output, printed)).toEqual([])
    return { ...printed, status }
  }

  const zone = { 'time-zone': 'Europe/Berlin' }

  test('the draft for known names is complete: adopted by it, the store is the same as without', async () => {
    const without = await asJson({ ...zone, 'allow-rejects': true })
    await query(db.database, 'DROP SCHEMA athena_adoption CASCADE; TRUNCATE athena.projects CASCADE')
    const { out, talk, status } = await running({ suggest: true, ...zone })
    expect(status).toBe(0)
    expect(talk.filter((line) => line.startsWith('to decide'))).toEqual([])
    expect(talk).toContain('left out: table working_memory')
    const mapping = join(temporaryFolder(), 'mapping.json')
    writeFileSync(mapping, out.join('\n'))
    expect(await asJson({ mapping, 'allow-rejects': true })).toEqual(without)
  })

  test('rejected rows make it exit 1, unless they are allowed', async () => {
    const { status, out, talk } = await running(zone)
    expect(status).toBe(1)
    expect(out.find((line) => line.startsWith('memory_vectors '))).toMatch(
      /^memory_vectors +athena\.memories +66 +61 +5 +equal +yes$/,
    )
    expect(talk.at(-1)).toContain('--retry-rejects')
    expect((await running({ ...zone, 'allow-rejects': true })).status).toBe(0)
  })

  test('--dry-run counts and writes nothing', async () => {
    const printed = await asJson({ ...zone, 'dry-run': true })
    expect(printed).toMatchObject({ status: 0, dryRun: true, leftTables: ['working_memory'] })
    expect(printed.tables).toContainEqual({ source: 'memory_vectors', target: 'memories', rows: 66, left: 66 })
    const [made] = await query(
      db.database,
      "SELECT to_regnamespace('athena_adoption') AS ledger, count(*)::int AS n FROM athena.projects",
    )
    expect(made).toEqual({ ledger: null, n: 0 })
  })

  test('where source and store differ, the next command is not the one that drops the map', async () => {
    await running({ ...zone, 'allow-rejects': true })
    await query(
      db.database,
      "UPDATE athena.memories SET content = content || ' changed' WHERE id = (SELECT min(id) FROM athena.memories)",
    )
    const { status, talk } = await running({ ...zone, 'allow-rejects': true })
    expect(status).toBe(1)
    expect(talk.join('\n')).toContain('source and store differ')
    expect(talk.at(-1)).toMatch(/^next: .*compares again$/)
  })

  test('--finish drops the map and keeps the rows; asked with --dry-run, it only says so', async () => {
    expect(await asJson({ finish: true })).toEqual({ finished: false, ids: 0, rejects: 0, status: 0 })
    await running({ ...zone, 'allow-rejects': true })
    const asked = await asJson({ finish: true, 'dry-run': true })
    expect(asked).toMatchObject({ finished: false, dryRun: true, ids: expect.any(Number), status: 0 })
    expect(asked.ids).toBeGreaterThan(60)
    expect((await running({ finish: true, 'dry-run': true })).talk).toEqual(['next: athena adopt --finish'])
    const { dryRun, ...held } = asked
    expect(await asJson({ finish: true })).toEqual({ ...held, finished: true })
    const [left] = await query(
      db.database,
      "SELECT to_regnamespace('athena_adoption') AS ledger, count(*)::int AS n FROM athena.memories",
    )
    expect(left).toEqual({ ledger: null, n: 61 })
  })

  describe('calls that are wrong say how they are right:', () => {
    test('a mapping that is not JSON, or not there', async () => {
      const mapping = join(temporaryFolder(), 'mapping.json')
      expect(await refusal(() => running({ mapping }))).toMatchObject({ code: 'mapping_unreadable', exit: 2 })
      writeFileSync(mapping, '{\n  "tables": {,}\n}')
      const malformed = await refusal(() => running({ mapping }))
      expect(malformed).toMatchObject({
        code: 'malformed_mapping',
        detail: expect.stringContaining('mapping.json:2:14'),
      })
      writeFileSync(mapping, '{"tables": {"a": null, "a": null}}')
      expect(await refusal(() => running({ mapping }))).toMatchObject({
        detail: expect.stringContaining('given twice'),
      })
    })

    test('a size of batches that is none', async () => {
      for (const batch of ['0', 'many', '1.5', '1000000'])
        expect(await refusal(() => running({ batch }))).toMatchObject({ code: 'malformed_flag', exit: 2 })
    })

    test('a URL with a mistyped scheme, of which nothing is repeated: it has a password in it', async () => {
      for (const from of ['postgress://u:hidden@db/app', 'postgres:/u:hidden@db/app', 'POSTGRES://u:hidden@db/app']) {
        const { code, exit, message, detail, hint } = await refusal(() => running({ from }))
        expect({ code, exit }).toEqual({ code: 'malformed_flag', exit: 2 })
        expect([message, detail, hint].join()).not.toContain('hidden')
      }
    })

    test('our own store', async () => {
      expect(await refusal(() => running({ from: 'athena' }))).toMatchObject({ code: 'source_is_ours', exit: 2 })
    })
  })
})

import { chmodSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { connect, type Database } from '@athena-pg/database'
import type pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { hasDocker } from '../../../test/docker.ts'
import { temporaryFolder } from '../../../test/packages.ts'
import { refusal } from '../../../test/refusals.ts'
import { alterSystem } from '../src/tune/live/alter-system.ts'
import { carryOut } from '../src/tune/live/carry-out.ts'
import { identifyServer } from '../src/tune/live/identify-server.ts'
import { readHeld } from '../src/tune/live/keep-settings.ts'
import { preflight } from '../src/tune/live/preflight.ts'
import { readSettings } from '../src/tune/live/read-settings.ts'
import { readRecords } from '../src/tune/live/undo-record.ts'
import { autoConfOf, images, type OwnServer, ownServer, settingsOf } from './own-server.ts'

// The policy recommends nothing that its catalogue does not allow, so this goes in below it.
describe.skipIf(!hasDocker()).each(images)('what a server of PostgreSQL %i refuses', (_, image) => {
  const folder = temporaryFolder()
  let server: OwnServer
  let database: Database
  let client: pg.Client
  let project: string
  beforeAll(async () => {
    chmodSync(folder, 0o755)
    server = await ownServer(image, folder)
    database = await connect({ url: server.url })
    client = await database.open('spec')
  }, 240_000)
  beforeEach(async () => {
    project = temporaryFolder()
    await server.query('ALTER SYSTEM RESET ALL')
    await server.query("ALTER SYSTEM SET work_mem = '7MB'")
    await server.query('SELECT pg_reload_conf()')
  })
  afterAll(async () => {
    await database?.close()
    await server?.stop()
  })

  const budget = { limit: 1, reserve: 0, worstCase: 0, parts: [] }
  async function carry(changes: { name: string; before: string | null; after: string }[], text?: string) {
    const at = new Date().toISOString()
    const plan = {
      location: '',
      changes,
      settings: [],
      file:
        text === undefined
          ? undefined
          : { path: join(folder, 'athena.conf'), before: null, after: `athena.tuned = '${at}'\n${text}` },
      before: budget,
      after: budget,
      warnings: [],
      unchecked: [],
      notes: [],
    }
    const context = { project, talk: () => {}, atEnd: () => {} }
    return carryOut(context, database, client, plan, await identifyServer(client, database.location), at)
  }
  const first = { name: 'work_mem', before: '7MB', after: '9MB' }

  test.each([
    ['a value out of range', { name: 'random_page_cost', before: null, after: '-5' }, /outside the valid range/],
    ['a word that is no number', { name: 'maintenance_work_mem', before: null, after: 'lots' }, /invalid value/],
    ['a setting that there is not', { name: 'work_memory', before: null, after: '1' }, /unrecognized configuration/],
    ['a setting that no file may set', { name: 'data_directory', before: null, after: '/x' }, /cannot be changed/],
  ])('%s by ALTER SYSTEM: all is brought back, in the words of the server', async (_name, wrong, words) => {
    const [settings, auto] = [await settingsOf(server), await autoConfOf(server)]
    const error = await refusal(() => carry([first, wrong, { name: 'jit', before: null, after: 'off' }]))
    expect(error.message).toMatch(words)
    expect(error.message).toContain(wrong.name)
    expect(error.detail).toContain('as it was before')
    expect(await autoConfOf(server)).toEqual(auto)
    expect(await settingsOf(server)).toEqual(settings)
    expect(readRecords(project, (await identifyServer(client, '')).system)[0]?.record.state).toBe('undone')
  })

  test.each([
    ['a value out of range', "random_page_cost = '-5'"],
    ['a line that is none', 'work_mem 9MB 10MB'],
    ['a setting that there is not', "work_memory = '1'"],
  ])('%s in a file: the file is gone again', async (_name, text) => {
    const settings = await settingsOf(server)
    const name = text.split(' ')[0] as string
    const error = await refusal(() => carry([{ name, before: null, after: 'x' }], `jit = off\n${text}\n`))
    expect(['setting_refused', 'file_not_included']).toContain(error.code)
    expect(existsSync(join(folder, 'athena.conf'))).toBe(false)
    expect(await settingsOf(server)).toEqual(settings)
  })

  test('a library that it does not have, before anything is written', async () => {
    const source = { kind: 'documentation', text: '' } as const
    const setting = (value: string) =>
      ({
        name: 'shared_preload_libraries',
        value,
        amount: value,
        default: null,
        reason: '',
        source,
        takesEffect: 'restart',
        topic: '',
      }) as const
    const live = await readSettings(client)
    const held = await readHeld(client)
    const error = await refusal(() => preflight(client, live, held, [setting('pg_stat_statements, pg_nothing')]))
    expect(error).toMatchObject({ code: 'library_missing', message: expect.stringContaining('pg_nothing') })
    expect((await preflight(client, live, held, [setting('pg_stat_statements')])).unchecked).toEqual([])
  })

  test('no name of a setting needs quotes in ALTER SYSTEM', async () => {
    const rows = await server.query<{ name: string }>(
      "SELECT name FROM pg_settings WHERE context IN ('sighup', 'user', 'postmaster')",
    )
    const keywords = await server.query<{ word: string }>(
      "SELECT word FROM pg_get_keywords() WHERE catcode IN ('R', 'T')",
    )
    const reserved = new Set(keywords.map(({ word }) => word))
    expect(rows.filter(({ name }) => reserved.has(name.toLowerCase()))).toEqual([])
    expect(alterSystem('timezone', 'UTC')).toBe("ALTER SYSTEM SET timezone = 'UTC'")
  })
})

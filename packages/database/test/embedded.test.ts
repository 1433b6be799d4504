import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, inject, test } from 'vitest'
import { temporaryFolder } from '../../../test/packages.ts'
import { connect } from '../src/connect.ts'
import { openEmbedded } from '../src/embedded.ts'
import { type Child, startChild } from './child.ts'

/** A folder with a cluster that was made before: opening it takes half a second. */
function madeFolder(): string {
  const folder = emptyFolder()
  cpSync(inject('embeddedTemplate'), folder, { recursive: true })
  return folder
}

const emptyFolder = () => join(temporaryFolder(), 'data')
const beside = (folder: string) => readdirSync(dirname(folder)).sort()

async function holderOf(folder: string): Promise<Child> {
  const holder = startChild('hold-embedded.ts', [folder])
  await holder.line()
  if ((await holder.line()) !== 'open') throw new Error(holder.stderr())
  return holder
}

async function told(child: Child, line: string): Promise<string | undefined> {
  child.process.stdin?.write(`${line}\n`)
  return child.line()
}

describe('a folder that another process uses', () => {
  test('is refused with its pid and since when, until it is closed', async () => {
    const folder = madeFolder()
    const holder = await holderOf(folder)
    await expect(connect({ env: {}, folder })).rejects.toMatchObject({
      code: 'embedded_in_use',
      detail: expect.stringMatching(new RegExp(`is held by process ${holder.pid} on .+ since \\d{4}-\\d\\d-\\d\\dT`)),
      hint: expect.stringContaining('--database-url'),
    })
    expect(await told(holder, 'CREATE TABLE kept AS SELECT 1 AS one')).toBe('[]')
    expect(await told(holder, 'close')).toBe('closed')
    await holder.ended
    expect(await query(folder, 'SELECT * FROM kept')).toEqual([{ one: 1 }])
    expect(beside(folder)).toEqual(['data'])
  })

  test('is refused by its other paths too', async () => {
    const folder = madeFolder()
    const holder = await holderOf(folder)
    const link = join(temporaryFolder(), 'link')
    symlinkSync(folder, link)
    await expect(connect({ env: {}, folder: link })).rejects.toMatchObject({ code: 'embedded_in_use' })
    holder.process.kill('SIGKILL')
    await holder.ended
  })

  test('is free again after a kill -9, and what was acknowledged is there', async () => {
    const folder = madeFolder()
    const holder = await holderOf(folder)
    await told(holder, 'CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n')
    holder.process.kill('SIGKILL')
    await holder.ended
    expect(beside(folder)).toEqual(['data', 'data.lock'])
    expect(await query(folder, 'SELECT count(*)::int FROM kept')).toEqual([{ count: 1000 }])
    expect(beside(folder)).toEqual(['data'])
  })

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'is free after %s, which still ends the process',
    async (signal) => {
      const folder = madeFolder()
      const holder = await holderOf(folder)
      holder.process.kill(signal)
      expect(await holder.ended).toBe(signal)
      expect(beside(folder)).toEqual(['data'])
    },
  )

  test('is free after the process ended without closing', async () => {
    const folder = madeFolder()
    const holder = await holderOf(folder)
    holder.process.stdin?.write('exit\n')
    expect(await holder.ended).toBe(0)
    expect(beside(folder)).toEqual(['data'])
  })
})

describe('a new folder', () => {
  test('is made with those above it', async () => {
    const folder = join(temporaryFolder(), 'some', '.athena', 'data')
    expect(await query(folder, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
    expect(beside(folder)).toEqual(['data'])
  })

  test('whose making was killed is made again', async () => {
    const folder = emptyFolder()
    const maker = startChild('hold-embedded.ts', [folder])
    while (!existsSync(join(folder, 'PG_VERSION'))) await new Promise((resolve) => setTimeout(resolve, 5))
    maker.process.kill('SIGKILL')
    await maker.ended
    expect(beside(folder)).toEqual(['data', 'data.lock', 'data.unfinished'])
    expect(await query(folder, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
    expect(beside(folder)).toEqual(['data'])
  })
})

describe('a folder that cannot be used', () => {
  test('is a file', async () => {
    const folder = emptyFolder()
    writeFileSync(folder, 'text')
    await expect(connect({ env: {}, folder })).rejects.toMatchObject({
      code: 'embedded_folder_unusable',
      detail: expect.stringContaining('is a file'),
    })
  })

  test('lies under a file', async () => {
    const folder = emptyFolder()
    writeFileSync(folder, 'text')
    await expect(connect({ env: {}, folder: join(folder, 'data') })).rejects.toMatchObject({
      code: 'embedded_folder_unusable',
    })
  })

  test('holds something else, which stays', async () => {
    const folder = emptyFolder()
    mkdirSync(folder)
    writeFileSync(join(folder, 'thesis.txt'), 'text')
    await expect(connect({ env: {}, folder })).rejects.toMatchObject({
      code: 'embedded_folder_unusable',
      detail: expect.stringContaining('PG_VERSION is missing'),
    })
    expect(readdirSync(folder)).toEqual(['thesis.txt'])
  })

  test('was written by another version of PostgreSQL', async () => {
    const folder = madeFolder()
    writeFileSync(join(folder, 'PG_VERSION'), '17\n')
    await expect(connect({ env: {}, folder })).rejects.toMatchObject({
      code: 'embedded_version',
      detail: `${folder} was written by PostgreSQL 17; this one is 18.`,
    })
  })

  test('is damaged', async () => {
    const folder = madeFolder()
    rmSync(join(folder, 'global', 'pg_control'))
    await expect(connect({ env: {}, folder })).rejects.toMatchObject({
      code: 'embedded_unreadable',
      detail: expect.stringContaining(folder),
      hint: expect.stringContaining(`mv ${folder}`),
    })
    expect(beside(folder)).toEqual(['data'])
  })

  test.runIf(process.getuid?.() === 0)('may not be written by this user', async () => {
    const folder = madeFolder()
    const child = startChild('hold-embedded.ts', [folder], { uid: 65534 })
    await child.line()
    expect(JSON.parse((await child.line()) ?? '{}')).toMatchObject({
      code: 'embedded_folder_unusable',
      detail: expect.stringMatching(/EACCES/),
    })
  })

  test('has a lock that nobody can read', async () => {
    const folder = madeFolder()
    writeFileSync(`${folder}.lock`, 'half a lo')
    await expect(connect({ env: {}, folder })).rejects.toMatchObject({
      code: 'embedded_lock_unreadable',
      hint: expect.stringContaining(`rm ${folder}.lock`),
    })
  })
})

describe('in memory', () => {
  test('a database starts from the dump of another, with pgvector at hand', async () => {
    const first = await openEmbedded({ folder: madeFolder() })
    const client = await first.open('spec')
    await client.query('CREATE EXTENSION vector; CREATE TABLE made AS SELECT 1 AS one')
    await client.end()
    const template = await first.dump()
    await first.close()
    const second = await openEmbedded({ template })
    const session = await second.open('spec')
    expect((await session.query(`SELECT one, '[1,2]'::vector <=> '[2,4]' AS distance FROM made`)).rows).toEqual([
      { one: 1, distance: 0 },
    ])
    await session.end()
    await second.close()
  })
})

test('a session says what it is for', async () => {
  const folder = madeFolder()
  expect(await query(folder, 'SHOW application_name')).toEqual([{ application_name: 'athena spec' }])
})

async function query(folder: string, sql: string): Promise<unknown[]> {
  const database = await connect({ env: {}, folder })
  try {
    const client = await database.open('spec')
    const { rows } = await client.query(sql)
    await client.end()
    return rows
  } finally {
    await database.close()
  }
}

test('what a session leaves behind is cleared as a server would: a transaction with it, settings with the last one', async () => {
  const database = await openEmbedded({ folder: madeFolder() })
  const [one, two] = [await database.open('one'), await database.open('two')]
  await one.query(`SET lock_timeout = '7s'`)
  await one.query('BEGIN; CREATE TABLE left_behind ()')
  await one.query('SELECT 1/0').catch(() => {})
  await (await database.open('another')).end()
  expect(one.getTransactionStatus(), 'the end of another session is not the end of its transaction').toBe('E')
  await one.end()
  expect((await two.query(`SELECT to_regclass('left_behind') AS found`)).rows).toEqual([{ found: null }])
  await two.end()
  const three = await database.open('three')
  expect((await three.query('SHOW lock_timeout')).rows).toEqual([{ lock_timeout: '0' }])
  await three.end()
  await database.close()
})

test('a database that is closed ends the sessions that are still open', async () => {
  const folder = madeFolder()
  const database = await openEmbedded({ folder })
  const client = await database.open('spec')
  await client.query('BEGIN; CREATE TABLE left_behind ()')
  await database.close()
  await expect(client.query('SELECT 1')).rejects.toThrow('Client was closed and is not queryable')
  await expect(client.end()).resolves.toBeUndefined()
  await expect(database.close()).resolves.toBeUndefined()
  expect(await query(folder, `SELECT to_regclass('left_behind') AS found`)).toEqual([{ found: null }])
})

import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { versionIn } from '../../src/prove/find-binaries.ts'
import { athena } from '../athena.ts'
import { conforming } from '../json-schemas.ts'
import { bare } from '../prove/proving.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'athena-spec-'))
  chmodSync(folder, 0o755)
})
afterAll(() => rmSync(folder, { recursive: true }))

/** A folder whose postgres only tells its version. */
function fake(path: string, version: string): string {
  const bin = join(folder, path)
  mkdirSync(bin, { recursive: true })
  writeFileSync(join(bin, 'postgres'), `#!/bin/sh\necho 'postgres (PostgreSQL) ${version}'\n`, { mode: 0o755 })
  return bin
}

const prove = (...args: string[]) => athena(['tune', 'prove', ...args], { cwd: folder })
const named = (versions: readonly number[]): string[] =>
  bare.filter(({ version }) => versions.includes(version)).flatMap((each) => ['--postgres-bin', each.folder])

test('versions are read as packages and betas write them', () => {
  expect(versionIn('postgres (PostgreSQL) 18.6 (Debian 18.6-1.pgdg13+1)', '/bin')).toMatchObject({
    version: '18.6',
    major: 18,
  })
  expect(versionIn('postgres (PostgreSQL) 19beta1', '/bin')).toMatchObject({ version: '19beta1', major: 19 })
  expect(versionIn('mysqld 8', '/bin')).toBeUndefined()
})

test('a folder without postgres is called wrong', async () => {
  const { status, stderr } = await prove('--memory=16GB', '--cpus=8', '--postgres-bin', '/nowhere')
  expect(status).toBe(2)
  expect(stderr).toContain('/nowhere has no postgres that can be run (no_postgres_binary)')
})

test('with no binary of the version that was asked there is an error that says how to get one', async () => {
  const bin = fake('only-sixteen', '16.9')
  const outcome = await prove('--memory=16GB', '--cpus=8', '--postgres=17', '--postgres-bin', bin, '--json')
  expect(outcome.status).toBe(1)
  expect(await conforming(['tune', 'prove'], outcome)).toEqual({
    error: {
      code: 'no_postgres_binary',
      message: 'there is no PostgreSQL 17 here that could judge the settings',
      detail: `Of other versions: 16.9 in ${bin}.`,
      hint: expect.stringMatching(/--postgres-bin .*17.*--docker pgvector\/pgvector:pg17.*npm install/),
    },
  })
})

test('a postgres without initdb beside it is named as such', async () => {
  const { status, stderr } = await prove('--memory=16GB', '--cpus=8', '--postgres-bin', fake('alone', '17.1'))
  expect(status).toBe(1)
  expect(stderr).toMatch(/postgres_binary_unusable[\s\S]*has no initdb beside postgres/)
})

describe.runIf(bare.length === 5)('with binaries', () => {
  test('each gets the settings for its own version, and nothing is left behind', async () => {
    const temporary = join(folder, 'temporary')
    mkdirSync(temporary)
    const args = ['tune', 'prove', '--memory=1TB', '--cpus=64', ...named([14, 17, 18])]
    const { status, stdout } = await athena(args, { cwd: folder, env: { TMPDIR: temporary } })
    expect(status).toBe(0)
    expect(stdout).toMatch(/^PostgreSQL +verdict +settings +shared memory +budgeted +huge pages +binary\n/)
    expect(stdout.match(/ accepted /g)).toHaveLength(3)
    expect(readdirSync(temporary)).toEqual([])
  })

  test('other versions than the one asked are not asked, and that is said', async () => {
    const args = ['--memory=16GB', '--cpus=8', '--postgres=17', ...named([17, 18])]
    const { status, stdout, stderr } = await prove(...args)
    expect(status).toBe(0)
    expect(stdout.match(/ accepted /g)).toHaveLength(1)
    expect(stderr).toMatch(/not asked: PostgreSQL 18\.\S+ in .*: the settings are for PostgreSQL 17/)
  })

  test('a pooler is proved with its server', async () => {
    const outcome = await prove('--profile=large', '--build=unknown', '--json', ...named([18]))
    const { proofs, pgbouncer } = (await conforming(['tune', 'prove'], outcome)) as {
      proofs: { verdict: string; sharedMemory: number; estimatedSharedMemory: number; hugePages: number }[]
      pgbouncer: { verdict: string }
    }
    expect(outcome.status).toBe(0)
    expect(proofs).toMatchObject([{ verdict: 'accepted', violations: [] }])
    expect(proofs[0]?.estimatedSharedMemory).toBeGreaterThanOrEqual(proofs[0]?.sharedMemory ?? Number.NaN)
    expect(['accepted', 'not proved']).toContain(pgbouncer.verdict)
  })

  test('settings for a build with more than this one has are refused, exit 1', async () => {
    const outcome = await prove('--memory=16GB', '--cpus=8', '--build=debian', '--json', ...named([18]))
    expect(outcome.status).toBe(1)
    expect(await conforming(['tune', 'prove'], outcome)).toMatchObject({
      proofs: [
        {
          verdict: 'refused',
          sharedMemory: null,
          refusals: expect.arrayContaining([expect.objectContaining({ setting: 'wal_compression' })]),
        },
      ],
    })
  })

  test('a file of any server is judged in its place, with what it includes, and by our own rules where facts are told', async () => {
    const file = join(folder, 'postgresql.conf')
    writeFileSync(join(folder, 'more.conf'), "huge_pages = 'on'\n")
    writeFileSync(file, "shared_buffers = 32GB\ninclude 'more.conf'\nmin_wal_size = 2GB\nmax_wal_size = 1GB\n")
    const told = await prove('--file', file, '--memory=16GB', '--cpus=8', ...named([17]))
    expect(told.status).toBe(1)
    expect(told.stdout).toContain(' accepted ')
    for (const words of ['min_wal_size 2 GB is more than', 'shared_buffers 32 GB of 16 GB', 'huge_pages is on'])
      expect(told.stdout).toContain(words)
    const alone = await prove('--file', 'postgresql.conf', ...named([17]))
    expect(alone.status).toBe(0)
    expect(alone.stderr).toContain('note: no facts were told')
  })

  test('a file that the server refuses is reported by line', async () => {
    const file = join(folder, 'wrong.conf')
    writeFileSync(file, 'jit = off\nwork_mem = 4gb\n')
    const { status, stdout } = await prove('--file', file, ...named([16]))
    expect(status).toBe(1)
    expect(stdout).toContain('  refused: line 2, work_mem: invalid value for parameter "work_mem": "4gb"\n')
    expect(stdout).toMatch(/ {4}hint: Valid units/)
  })

  test('a file that is not there is called wrong', async () => {
    const { status, stderr } = await prove('--file', 'nothing.conf', ...named([16]))
    expect(status).toBe(2)
    expect(stderr).toContain('file_unreadable')
  })
})

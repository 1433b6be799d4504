import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../../../../test/packages.ts'
import { athena } from '../athena.ts'
import { tuned } from './tuned.ts'

const GB = 1024 ** 3
const asked = ['--memory', '16GB', '--cpus', '8', '--storage', 'ssd', '--postgres', '17']

test('athena tune prints a postgresql.conf, alone on stdout', async () => {
  const { status, stdout, stderr } = await athena(['tune', ...asked])
  expect(status).toBe(0)
  expect(stdout).toMatch(/^shared_buffers = 4GB$/m)
  for (const line of stdout.trim().split('\n')) expect(line).toMatch(/^(#.*|[a-z_.]+ = .+|)$/)
  expect(stderr).toMatch(/^facts: --memory; --cpus; --storage; --postgres; the rest by default$/m)
  expect(stderr).toMatch(/^memory: at worst [\d.]+ GB of 16 GB, with 100 connections$/m)
  expect(stderr.trim().split('\n').at(-1)).toMatch(/^next: athena tune explain/)
})

test('with --json it prints facts, origins, settings, memory, pools, vectors, tables and warnings', async () => {
  const { status, value } = await tuned([...asked, '--rows', '1.5M', '--no-pooled'])
  expect(status).toBe(0)
  expect(value).toMatchObject({
    facts: { memory: 16 * GB, cpus: 8, postgres: { version: 17 }, workload: { rows: 1_500_000, pooled: false } },
    origins: { memory: '--memory', rows: '--rows', pooled: '--no-pooled', workload: 'default: what athena is for' },
    settings: expect.arrayContaining([
      expect.objectContaining({ name: 'shared_buffers', value: '4GB', takesEffect: 'restart' }),
    ]),
    memory: { limit: 16 * GB },
    pools: { direct: 5 },
    vectors: { build: {}, size: {} },
    files: [{ name: 'postgresql.conf' }],
  })
  expect(value).not.toHaveProperty('profile')
})

test('it is the same each time', async () => {
  expect(await tuned(asked)).toEqual(await tuned(asked))
})

describe.each(['small', 'medium', 'large', 'xlarge'])('--profile %s', (profile) => {
  test('fills in what is not told', async () => {
    const { value } = await tuned(['--profile', profile, '--postgres', '16', '--workload', 'web'])
    expect(value).toMatchObject({
      profile,
      facts: { postgres: { version: 16 }, workload: { kind: 'web' } },
      origins: { memory: `profile ${profile}`, postgres: '--postgres' },
    })
  })
})

test('the connections of a profile are for its memory: another size gets its own number', async () => {
  const { value } = await tuned(['--profile', 'medium', '--memory', '2GB'])
  expect(value).toMatchObject({ origins: { connections: expect.stringMatching(/^default: one for each 80 MB/) } })
  expect((await tuned(['--profile', 'medium', '--cpus', '4'])).value).toMatchObject({
    origins: { connections: 'profile medium' },
  })
})

test('--output names another form; of several files the first is printed, the others are named', async () => {
  const { status, stdout, stderr } = await athena(['tune', '--profile', 'large', '--output', 'pgbouncer.ini'])
  expect(status).toBe(0)
  expect(stdout).toMatch(/^pool_mode = transaction$/m)
  expect(stderr).toMatch(/^not printed: userlist\.txt; --write FOLDER writes all 2 files$/m)
})

describe('is refused, with what to change', () => {
  test.each([
    [['--memory', '16', '--cpus', '8'], 2, 'malformed_flag', '--memory: "16" has no unit', /Write 16GB or 16MB/],
    [
      [...asked, '--postgres', '16.x'],
      2,
      'malformed_flag',
      '--postgres: "16.x" is not a version of PostgreSQL',
      /14, 15/,
    ],
    [[...asked, '--postgres', '19'], 2, 'malformed_flag', '--postgres: PostgreSQL 19 is not known', /14, 15/],
    [[...asked, '--workload', 'AI'], 2, 'malformed_flag', /^--workload: "AI" is not one of/, /--help/],
    [['--memory', '16GB'], 2, 'missing_fact', /number of cpus/, /--cpus 8, or --detect/],
    [[...asked, '--active', '200'], 2, 'impossible_facts', 'no server can be like this', /Lower active/],
    [
      ['--memory', '1GB', '--cpus', '2', '--connections', '500'],
      1,
      'memory_too_small',
      /too little/,
      /--connections \d/,
    ],
    [
      [...asked, '--output', 'postgres.conf'],
      2,
      'unknown_output',
      /"postgres\.conf"/,
      /Did you mean --output postgresql\.conf/,
    ],
    [[...asked, '--output', 'pgbouncer.ini'], 2, 'not_pooled', /no pooler/, /--pooled/],
    [['--profile', 'huge'], 2, 'unknown_profile', 'there is no profile "huge"', /--profile \.\/huge\.json/],
    [['--profile', './none.json'], 2, 'malformed_profile', /none\.json cannot be read/, /names a file of facts/],
    [['explain', 'wrk_mem', ...asked], 2, 'unknown_setting', /"wrk_mem"/, /athena tune explain work_mem/],
  ] as const)('%j', async (args, status, code, message, hint) => {
    const refused = await tuned(args)
    expect(refused.status).toBe(status)
    expect(refused.value.error).toMatchObject({ code, hint: expect.stringMatching(hint) })
    expect((refused.value.error as { message: string }).message).toMatch(message)
  })

  test('flags with everything that is wrong at once', async () => {
    const { value } = await tuned(['--memory=-1GB', '--cpus', 'x', '--rows', '1.5'])
    expect(value.error).toMatchObject({
      message: '3 flags cannot be used',
      detail: '--memory: "-1GB" is negative\n--cpus: "x" is not a number\n--rows: "1.5" is not a whole number',
    })
  })

  test('a misspelt subcommand with the right one', async () => {
    const { status, stderr } = await athena(['tune', 'explian', 'work_mem'], { cwd: temporaryFolder() })
    expect(status).toBe(2)
    expect(stderr).toMatch(/hint: Did you mean athena tune explain\?/)
  })
})

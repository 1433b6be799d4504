import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../../../test/packages.ts'
import { refusal } from '../../../test/refusals.ts'
import { readTargets } from '../src/fleet/read-targets.ts'
import { targetFaults } from '../src/fleet/target-faults.ts'
import { targetsFile } from '../src/fleet/targets-schema.ts'
import { athena } from './athena.ts'
import { faultsOf } from './json-schemas.ts'

const url = 'postgres://ada:sesame@127.0.0.1:1/app'

async function read(text: string, env: Record<string, string> = {}, files: Record<string, string> = {}) {
  const cwd = temporaryFolder()
  for (const [name, contents] of Object.entries({ 'targets.json': text, ...files }))
    writeFileSync(join(cwd, name), contents)
  return readTargets({ file: 'targets.json', cwd, env, settable: ['embedding_dimensions'] })
}

async function faults(
  text: string,
  env: Record<string, string> = {},
  files: Record<string, string> = {},
): Promise<string[]> {
  const error = await refusal(() => read(text, env, files))
  expect(error).toMatchObject({ code: 'malformed_targets', exit: 2 })
  expect(JSON.stringify(error)).not.toContain('sesame')
  return (error.detail ?? '').split('\n')
}

describe('a targets file', () => {
  test('is a list, or an object that has one, and says each URL in one of three ways', async () => {
    const list = [
      { name: 'a', url, canary: true, variables: { embedding_dimensions: 384 } },
      { name: 'b', urlEnv: 'B' },
      { name: 'c', urlFile: 'c.url' },
    ]
    const env = { B: 'postgres://127.0.0.1:1/b' }
    const files = { 'c.url': 'postgres://127.0.0.1:1/c\n' }
    const found = await read(JSON.stringify(list), env, files)
    expect(found).toMatchObject([
      {
        name: 'a',
        isCanary: true,
        variables: { embedding_dimensions: '384' },
        database: { location: 'ada@127.0.0.1:1/app' },
      },
      {
        name: 'b',
        isCanary: false,
        variables: {},
        database: { location: expect.stringMatching(/127\.0\.0\.1:1\/b$/) },
      },
      { name: 'c', database: { location: expect.stringMatching(/127\.0\.0\.1:1\/c$/) } },
    ])
    const object = JSON.stringify({ $schema: './targets.schema.json', targets: list })
    expect((await read(object, env, files)).map(({ name }) => name)).toEqual(['a', 'b', 'c'])
  })

  test('has all its faults told at once, each with its place', async () => {
    const text = `[
  { "name": "a b", "url": "${url}" },
  { "url": "${url}", "urlEnv": "X" },
  { "name": "c", "ulr": "${url}" },
  { "name": "c", "url": 5, "canary": "yes", "variables": { "n": [] } },
  "${url}",
  { "name": "d", "url": "${url}", "name": "d" }
]`
    expect(await faults(text)).toEqual([
      'targets.json:2:5: "name" must be up to 63 letters, digits, dots, hyphens and underscores',
      'targets.json:3:3: the target has no "name"',
      expect.stringMatching(/^targets\.json:3:\d+: give one of "url", "urlEnv" and "urlFile"$/),
      'targets.json:4:3: give one of "url", "urlEnv" and "urlFile"',
      'targets.json:4:18: "ulr" is not known; did you mean "url"?',
      'targets.json:5:5: "c" is the name of a target above, too',
      'targets.json:5:18: "url" must be text',
      'targets.json:5:28: "canary" must be true or false',
      'targets.json:5:60: "n" must be text, a number, true or false',
      'targets.json:6:3: a target must be an object: { "name": …, "url": … }',
      expect.stringMatching(/^targets\.json:7:\d+: "5\.name" is given twice$/),
    ])
  })

  test('has what its URLs say told as well', async () => {
    const text = `{ "targets": [
  { "name": "a", "url": "mysql://ada:sesame@h/app" },
  { "name": "b", "urlEnv": "B_URL" },
  { "name": "c", "urlFile": "c.url" },
  { "name": "d", "urlFile": "empty.url" },
  { "name": "e", "url": "postgres://ada:sesame@localhost/app" },
  { "name": "f", "url": "postgres://bob:sesame@127.0.0.1:5432/app" },
  { "name": "g", "url": "postgres://ada:sesame@h/app?sslmode=sesame-mode" },
  { "name": "h", "url": "postgres://elsewhere/app?hostaddr=h", "variables": { "embedding_dimension": 3, "vector_schema": "x" } }
] }`
    const found = await faults(text.replace('sesame-mode', 'wrong'), {}, { 'empty.url': '\n' })
    expect(found).toEqual([
      expect.stringMatching(
        /^targets\.json:2:18: the database URL cannot be read: The URL does not begin with postgres/,
      ),
      'targets.json:3:18: the environment variable B_URL is not set',
      expect.stringMatching(/^targets\.json:4:18: ENOENT: /),
      'targets.json:5:18: the file is empty',
      'targets.json:7:18: this is the database of "e", too',
      expect.stringMatching(/^targets\.json:8:18: .*sslmode/),
      'targets.json:9:18: this is the database of "g", too',
      'targets.json:9:79: no package declares the variable "embedding_dimension"; did you mean "embedding_dimensions"?',
      expect.stringMatching(/^targets\.json:9:\d+: no package declares the variable "vector_schema"$/),
    ])
  })

  test.each([
    ['', 'targets.json:1:1: not JSON: the end of the file stands where a value is expected'],
    ['[]', 'targets.json:1:1: the list names no database'],
    ['{}', 'targets.json:1:1: the targets must be a list: [ { "name": …, "url": … }, … ]'],
    ['7', 'targets.json:1:1: the targets must be a list: [ { "name": …, "url": … }, … ]'],
    [`[{ "name": "a" "${url}" }]`, 'targets.json:1:16: not JSON: something else stands where "," or "}" is expected'],
    [`[{ "name": ${url} }]`, 'targets.json:1:12: not JSON: something else stands where a value is expected'],
  ])('such as %s is refused without a word of it', async (text, fault) => {
    expect(await faults(text)).toEqual([fault])
  })

  test('never has a password in what is said of it, however it is cut', () => {
    const whole = JSON.stringify([
      { name: 'a', url, variables: { x: 1 } },
      { name: 'a', ulr: url, url },
    ])
    fc.assert(
      fc.property(fc.nat(whole.length), fc.nat(whole.length), fc.string({ maxLength: 3 }), (from, to, between) => {
        const { faults: found } = targetFaults(whole.slice(0, from) + between + whole.slice(to))
        // Where a cut makes a URL the name of a member, that name is shown; nothing else can be.
        const said = found.map(({ text }) => text).filter((text) => !/^"[^"]*" is (not known|given twice)/.test(text))
        expect(said.join('\n')).not.toContain('sesame')
      }),
      { numRuns: 2000 },
    )
  })
})

describe('the schema of a targets file, for editors,', () => {
  const valid = { name: 'a', url: 'postgres://h/a' }
  test.each([
    [[valid]],
    [{ targets: [valid] }],
    [{ $schema: 's', targets: [{ name: 'b-1.x', urlEnv: 'B', canary: true, variables: { x: 1, y: 'z', t: true } }] }],
    [[{ name: 'c', urlFile: 'c' }]],
    [[]],
    [{}],
    [[{ name: 'a' }]],
    [[{ name: 'a', url: 'x', urlEnv: 'y' }]],
    [[{ name: 'a', url: '' }]],
    [[{ name: '-a', url: 'x' }]],
    [[{ url: 'x' }]],
    [[{ ...valid, port: 1 }]],
    [[{ ...valid, canary: 'yes' }]],
    [[{ ...valid, variables: { x: null } }]],
    [{ targets: [valid], more: 1 }],
    ['x'],
  ])('is of one mind with the reader about %j', (file) => {
    const isFaulty = targetFaults(JSON.stringify(file)).faults.length > 0
    expect(faultsOf(targetsFile, file).length > 0).toBe(isFaulty)
  })
})

describe('with --targets', () => {
  test.each([
    [['up', '--database-url', url], 'malformed_flag'],
    [['up', '--show-sql'], 'malformed_flag'],
    [['plan', '--show-sql'], 'malformed_flag'],
    [['down'], 'malformed_flag'],
    [['up', '--at-once', '0'], 'malformed_flag'],
    [['status', '--at-once', 'x'], 'malformed_flag'],
    [['up', '--canary', 'b'], 'unknown_canary'],
    [['status', '--canary', 'a'], 'unknown_flag'],
    [['up', '--targets', 'nowhere.json'], 'targets_unreadable'],
  ])('athena migrate %j is a wrong call: %s', async (args, code) => {
    const cwd = temporaryFolder()
    writeFileSync(join(cwd, 'targets.json'), JSON.stringify([{ name: 'a', url }]))
    const { status, stdout } = await athena(
      ['migrate', args[0] ?? '', '--targets', 'targets.json', ...args.slice(1), '--json'],
      { cwd },
    )
    expect({ status, ...JSON.parse(stdout) }).toMatchObject({ status: 2, error: { code } })
    expect(stdout).not.toContain('sesame')
  })

  test.each([['--canary', 'a'], ['--at-once', '2'], ['--stop-on-failure']])(
    'and never without them stands %s, which would touch another database',
    async (...flags) => {
      const args = ['migrate', 'up', '--database-url', url, '--json', ...flags]
      const { status, stdout } = await athena(args)
      expect({ status, ...JSON.parse(stdout) }).toMatchObject({ status: 2, error: { code: 'malformed_flag' } })
    },
  )

  test('they may come from standard input', async () => {
    const { status, stdout, stderr } = await athena(['migrate', 'status', '--targets', '-'], {
      input: JSON.stringify([{ name: 'a', url }]),
    })
    expect(status).toBe(1)
    expect(stdout).toMatch(/^a {7}failed .*server_unreachable/m)
    expect(stdout + stderr).not.toContain('sesame')
  })
})

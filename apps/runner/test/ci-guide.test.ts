import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../../../test/packages.ts'
import { parseYaml, type Yaml } from '../../../test/yaml-subset.ts'
import { parseArguments } from '../src/command-line/parse-arguments.ts'
import { commandLength, loadCommand } from '../src/find-command.ts'
import { targetFaults } from '../src/fleet/target-faults.ts'

const guide = readFileSync(new URL('../../../docs/guides/ci-and-fleets.md', import.meta.url), 'utf8')
const blocks = [...guide.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language = '', text = '']) => ({
  language,
  text,
}))
const inLanguage = (wanted: string) => blocks.filter(({ language }) => language === wanted).map(({ text }) => text)
const [github, gitlab] = inLanguage('yaml').map(parseYaml) as [Record<string, Yaml>, Record<string, Yaml>]

type Step = { run?: string; uses?: string; env?: Record<string, string> }
type Job = { steps: Step[]; concurrency?: Record<string, string>; permissions?: object; if?: string }

/** Lines of a shell script that call athena, without what the shell does around it. */
function callsIn(script: string): string[] {
  return [...script.matchAll(/^(?:.*\bnpx )?athena ([^|>\n]*?)\s*(?:\|.*|>.*)?$/gm)].map(([, call = '']) => call.trim())
}

describe('the GitHub workflow', () => {
  const jobs = github.jobs as unknown as Record<string, Job>

  test('checks and plans pull requests, and migrates what is pushed', () => {
    expect(github.on).toMatchObject({ push: { branches: ['main'] }, pull_request: '' })
    const calls = Object.fromEntries(
      Object.entries(jobs).map(([name, { steps }]) => [name, steps.flatMap(({ run = '' }) => callsIn(`${run}\n`))]),
    )
    expect(calls.check).toEqual(['migrate lint', 'migrate verify'])
    expect(calls.plan).toEqual(['migrate plan', 'migrate plan --show-sql'])
    expect(calls.deploy).toEqual(['migrate status', 'migrate up --wait 300'])
  })

  test('never cuts off or doubles a run, and gives each job no more than it needs', () => {
    expect(jobs.deploy?.concurrency).toEqual({ group: 'migrate-production', 'cancel-in-progress': 'false' })
    expect(github.permissions).toEqual({ contents: 'read' })
    expect(jobs.plan).toMatchObject({
      permissions: { 'pull-requests': 'write' },
      if: expect.stringContaining('head.repo'),
    })
    const production = Object.entries(jobs).filter(([, job]) => JSON.stringify(job).includes('secrets.DATABASE_URL'))
    expect(production.map(([name]) => name)).toEqual(['deploy'])
  })

  test('installs before it runs anything', () => {
    for (const { steps } of Object.values(jobs)) {
      expect(steps.slice(0, 3).map(({ uses, run }) => uses ?? run)).toEqual([
        'actions/checkout@v4',
        'actions/setup-node@v4',
        'npm ci',
      ])
      for (const step of steps) expect(Object.keys(step).filter((key) => ['uses', 'run'].includes(key))).toHaveLength(1)
    }
  })
})

test('the GitLab template does the same', () => {
  const calls = (job: string) =>
    ((gitlab[job] as { script: string[] }).script ?? []).flatMap((line) => callsIn(`${line}\n`))
  expect(calls('migrations:check')).toEqual(['migrate lint', 'migrate verify'])
  expect(calls('migrations:plan')).toEqual(['migrate plan', 'migrate plan --show-sql'])
  expect(calls('migrations:up')).toEqual(['migrate status', 'migrate up --wait 300'])
  expect(gitlab['migrations:up']).toMatchObject({
    resource_group: 'migrate-production',
    interruptible: 'false',
    environment: 'production',
  })
  expect(gitlab.stages).toEqual(['check', 'deploy'])
})

test('what both do with a status lets only 0 and 3 pass', () => {
  const github = (blocks.find(({ text }) => text.includes('runs-on')) as { text: string }).text
  const script =
    /run: \|\n((?: {10}.*\n)*?.*migrate status.*\n(?: {10}.*\n)*)/.exec(
      github.slice(github.indexOf('Refuse a database')),
    )?.[1] ?? ''
  for (const [given, wanted] of [
    [0, 0],
    [3, 0],
    [4, 4],
    [1, 1],
    [2, 2],
  ]) {
    const { status } = spawnSync('bash', ['-e', '-c', `npx() { return ${given}; }\n${script}`])
    expect({ given, status }).toEqual({ given, status: wanted })
  }
})

// A command is looked at where it is there; which ones have to be is said below.
const calls = [...inLanguage('sh'), ...inLanguage('yaml')]
  .flatMap(callsIn)
  .filter((call) => commandLength(call.split(' ')) === 2)

test('the guide shows the commands about many databases', () => {
  expect(calls.map((call) => call.split(' ')[1])).toEqual(expect.arrayContaining(['status', 'plan', 'up']))
})

test.each(calls.map((call) => [call]))('athena %s is understood', async (call) => {
  const words = call.split(' ')
  const command = await loadCommand(words.slice(0, 2))
  await expect(parseArguments(command, 'athena', words.slice(2))).resolves.toBeDefined()
})

test('the targets of the guide have no fault', () => {
  const [text = ''] = inLanguage('json')
  const file = join(temporaryFolder(), 'databases.json')
  writeFileSync(file, text)
  const { targets, faults } = targetFaults(text)
  expect(faults).toEqual([])
  expect(targets.map(({ name }) => name)).toEqual(['eu-1', 'eu-2', 'us-1'])
})

describe('YAML that is not what it looks like is refused', () => {
  test.each([
    ['a: 1\na: 2\n', 'twice'],
    ['a:\n\tb: 1\n', ''],
    ['a:\n  - b\n c: 1\n', ''],
    ['a: "b\n', 'otherwise'],
    ['a: b: c\n', 'otherwise'],
    ['a: &x 1\n', 'otherwise'],
    ['a: {b: c}\n', 'otherwise'],
    ['a: [b\n', '[a, b]'],
    ['a\n', 'key'],
    ['- a\nb: c\n', 'mixes'],
    ['a: 1\n  b: 2\n', 'more than'],
    ['a: |\nb: c\n', 'no text'],
  ])('%j', (text, problem) => {
    expect(() => parseYaml(text)).toThrow(problem)
  })
})

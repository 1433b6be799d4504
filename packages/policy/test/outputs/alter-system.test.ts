import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { catalogue, type Recommendation, render, topics } from '@athena-pg/policy'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { bareBinaries, dataFolder, removeScratchFolders, runPostgres } from '../../../../test/postgres-binaries.ts'
import { splitList } from '../../src/text/split-list.ts'
import { anyRecommendation, recommended } from './any-facts.ts'
import { parseConf } from './parse-conf.ts'

afterAll(removeScratchFolders)

function sql(recommendation: Recommendation): string {
  return render(recommendation, 'alter-system')[0]?.content ?? ''
}

/** What is left without comments: one statement a line. */
function statements(recommendation: Recommendation): string[] {
  return sql(recommendation)
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('--'))
}

test('every line is one statement or a comment', () => {
  fc.assert(
    fc.property(anyRecommendation, (recommendation) => {
      for (const line of statements(recommendation)) {
        expect(line).toMatch(
          /^(ALTER SYSTEM (SET [\w.]+ = .+|RESET [\w.]+)|SET [\w.]+ TO .+|SELECT pg_reload_conf\(\));$/,
        )
      }
    }),
  )
})

test('each item of a list is quoted by itself, and a text with a comma is no list', () => {
  const base = recommended()
  const settings = base.settings.map((setting) =>
    setting.name === 'shared_preload_libraries'
      ? { ...setting, value: 'citus, pg_stat_statements' }
      : setting.name === 'log_line_prefix'
        ? { ...setting, value: '%m, %p ' }
        : setting,
  )
  const lines = statements({ ...base, settings })
  expect(lines).toContain("ALTER SYSTEM SET shared_preload_libraries = 'citus', 'pg_stat_statements';")
  expect(lines).toContain("ALTER SYSTEM SET log_line_prefix = '%m, %p ';")
})

test.each([
  ['', []],
  ['a', ['a']],
  ['a,b , c', ['a', 'b', 'c']],
  ['"a, b", c', ['a, b', 'c']],
  ['"say ""a"""', ['say "a"']],
])('the items of %j are %j', (value, items) => {
  expect(splitList(value)).toEqual(items)
})

test('a rule that now keeps the default takes back what it once set', () => {
  expect(statements(recommended())).not.toContain('ALTER SYSTEM RESET random_page_cost;')
  expect(statements(recommended({ storage: 'hdd' }))).toContain('ALTER SYSTEM RESET random_page_cost;')
})

test('what only somebody else can know is never reset', () => {
  const lines = statements(recommended()).filter((line) => line.includes('RESET'))
  expect(lines.filter((line) => /ssl|listen|archive|preload/.test(line))).toEqual([])
  expect(statements({ ...recommended(), settings: [] }).some((line) => line.includes('archive'))).toBe(false)
})

test('settings stand below the moment from which they count', () => {
  const text = sql(recommended())
  const restart = text.indexOf('-- These wait for a restart.')
  expect(text.indexOf('SET work_mem')).toBeLessThan(restart)
  expect(text.indexOf('SET shared_buffers')).toBeGreaterThan(restart)
})

// The single-user mode has no other sessions and no reload, and takes the same statements.
describe.each(bareBinaries())('$name', (binary) => {
  const { version } = binary
  const bare = {
    walCompression: version < 15 ? [] : ['pglz'],
    toastCompression: ['pglz'],
    ioMethod: version < 18 ? [] : ['worker'],
  }
  const base = recommended({ version, listen: '*', workload: { pitr: true, replicas: 2 } })
  const postgres = { ...base.facts.postgres, capabilities: { ...bare, libraries: ['pg_stat_statements'] } }

  test('takes every statement, and then has exactly these settings', async () => {
    const recommendation = (await import('@athena-pg/policy')).recommend({ ...base.facts, postgres })
    const folder = await dataFolder(binary)
    const stdin = `${statements(recommendation).join('\n')}\n`
    const { stderr } = await runPostgres(binary, ['--single', '-D', folder, 'postgres'], { stdin })
    expect(stderr.split('\n').filter((line) => /ERROR|FATAL|WARNING/.test(line))).toEqual([])
    const auto = parseConf(readFileSync(join(folder, 'postgresql.auto.conf'), 'utf8'))
    const told = recommendation.settings.map(({ name, value }) => [name, value] as const)
    expect([...auto.keys()].sort()).toEqual(told.map(([name]) => name).sort())
    for (const [name, value] of told) {
      const isList = catalogue[version][name]?.list === true
      expect(isList ? splitList(auto.get(name) ?? '') : auto.get(name)).toEqual(isList ? splitList(value) : value)
    }
  })

  test('takes the resets of everything that we have a rule for', async () => {
    const folder = await dataFolder(binary)
    const auto = join(folder, 'postgresql.auto.conf')
    writeFileSync(auto, "work_mem = '7MB'\n")
    const lines = statements({ ...base, settings: [] })
    const { stderr } = await runPostgres(binary, ['--single', '-D', folder, 'postgres'], {
      stdin: `${lines.join('\n')}\n`,
    })
    expect(stderr.split('\n').filter((line) => /ERROR|FATAL/.test(line))).toEqual([])
    expect([...parseConf(readFileSync(auto, 'utf8')).keys()]).toEqual([])
    expect(lines.filter((line) => line.startsWith('ALTER SYSTEM RESET')).length).toBeGreaterThan(topics.length)
  })
})

import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { installed, migration, temporaryFolder, writeFiles } from '../../../test/packages.ts'
import { command } from '../src/commands/migrate-lint.ts'
import { athena } from './athena.ts'
import { faultsOf } from './json-schemas.ts'

const index = migration('CREATE INDEX idx_notes_title ON app.notes (title);')
const serial = migration('CREATE TABLE app.drafts (id serial);')

function project(files: Record<string, string>, config: object = { packages: [], migrations: './migrations' }): string {
  const cwd = temporaryFolder()
  writeFiles(cwd, { 'athena.config.json': JSON.stringify(config), 'migrations/README.md': '', ...files })
  return cwd
}

/** No database could be reached, and none is made. */
async function lint(cwd: string, ...args: string[]) {
  const outcome = await athena(['migrate', 'lint', ...args], {
    cwd,
    env: { DATABASE_URL: 'postgres://127.0.0.1:1/none' },
  })
  expect(existsSync(join(cwd, '.athena'))).toBe(false)
  return outcome
}

describe('athena migrate lint', () => {
  test('shows each finding with its line, a caret, and the diff that mends it; exit 1 for an error', async () => {
    const { status, stdout, stderr } = await lint(project({ 'migrations/20260101000000_index_notes.sql': index }))
    expect(status).toBe(1)
    expect(stdout).toMatch(
      /^error\[blocking_index_build\] migrations\/20260101000000_index_notes\.sql:2:1\n {4}\|\n {2}2 \| CREATE INDEX .*\n {4}\| \^{49}\n {2}reason: /,
    )
    expect(stdout).toContain('    +CREATE INDEX CONCURRENTLY idx_notes_title ON app.notes (title);\n')
    expect(stdout).toContain('  help: Write CREATE INDEX CONCURRENTLY')
    expect(stderr).toMatch(/^1 error and 0 warnings in 1 of 1 file\nnext: correct the files/)
  })

  test('a warning alone is no failure, and no finding is said, too', async () => {
    const warned = await lint(project({ 'migrations/20260101000000_create_drafts.sql': serial }))
    expect(warned).toMatchObject({
      status: 0,
      stderr: expect.stringMatching(/^0 errors and 1 warning in 1 of 1 file\nnext: /),
    })
    const clean = await lint(project({ 'migrations/20260101000000_x.sql': migration('SELECT 1;') }))
    expect(clean).toEqual({ status: 0, stdout: '', stderr: '1 file linted: no findings\nnext: athena migrate up\n' })
  })

  test('--json is alone on stdout and of the form that the command declares', async () => {
    const files = { 'migrations/20260101000000_a.sql': index, 'migrations/20260101000001_b.sql': 'SELEC' }
    const { stdout } = await lint(project(files), '--json')
    const result = JSON.parse(stdout)
    expect(faultsOf(command.output, result)).toEqual([])
    expect(result).toMatchObject({ files: 2, errors: 2, warnings: 0 })
    expect(result.findings.map(({ rule }: { rule: string }) => rule)).toEqual([
      'blocking_index_build',
      'malformed_migration',
    ])
  })

  test("installed packages are somebody else's: --all lints them, too", async () => {
    const cwd = project({}, { packages: ['other'], migrations: './migrations' })
    installed({ other: { migrations: { '20260101000000_index': index } } }, cwd)
    expect(await lint(cwd)).toMatchObject({
      status: 0,
      stdout: '',
      stderr: expect.stringContaining('note: the project has no files'),
    })
    expect(await lint(cwd, '--all')).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('node_modules/other/migrations'),
    })
  })

  test('named files alone are linted, with what the others say of their tables', async () => {
    const cwd = project({
      'migrations/20260101000000_a.sql': migration('CREATE TABLE app.notes (title varchar);'),
      'migrations/20260101000001_b.sql': index,
      'migrations/20260101000002_c.sql': migration('ALTER TABLE app.notes ALTER COLUMN title TYPE text;'),
    })
    expect(await lint(cwd, 'migrations/20260101000002_c.sql')).toMatchObject({ status: 0, stdout: '' })
    expect(await lint(cwd, join(cwd, 'migrations/20260101000001_b.sql'))).toMatchObject({ status: 1 })
    expect(await lint(cwd, 'nowhere.sql')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('file_unreadable'),
    })
  })

  test('variables come from the configuration and --set', async () => {
    const declared = { variables: { size: { type: 'integer', default: 100, description: '' } } }
    const sql = migration('CREATE TABLE app.n (e vector(:size));\nCREATE INDEX ON app.n USING hnsw (e vector_l2_ops);')
    const cwd = project({}, { packages: ['other'] })
    installed({ other: { athena: declared, migrations: { '20260101000000_n': sql } } }, cwd)
    expect(await lint(cwd, '--all')).toMatchObject({ status: 0, stdout: '' })
    const large = await lint(cwd, '--all', '--set', 'size=2001')
    expect(large).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('vector(2001) on app.n: the limit is 2,000.'),
    })
    expect(await lint(cwd, '--all', '--set', 'sise=1')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('unknown_variable'),
    })
  })

  test('SARIF goes to a file or to stdout and names each rule once', async () => {
    const cwd = project({ 'migrations/20260101000000_a b.sql': index, 'migrations/20260101000001_b.sql': 'SELEC' })
    // A file name with a space is refused by discovery, so the space goes into a folder.
    expect((await lint(cwd)).stderr).toContain('malformed_file_name')
    const spaced = project(
      { 'my sql/20260101000000_a.sql': index, 'my sql/20260101000001_b.sql': 'SELEC' },
      { packages: [], migrations: './my sql' },
    )
    expect((await lint(spaced, '--sarif', 'lint.sarif')).stdout).toContain('error[blocking_index_build]')
    const text = readFileSync(join(spaced, 'lint.sarif'), 'utf8')
    expect((await lint(spaced, '--sarif', '-')).stdout).toBe(text)
    const log = JSON.parse(text)
    expect(log).toMatchObject({ version: '2.1.0', $schema: expect.stringContaining('sarif-2.1.0') })
    expect(Object.keys(log).sort()).toEqual(['$schema', 'runs', 'version'])
    const [run] = log.runs
    const { rules, name, semanticVersion } = run.tool.driver
    expect({ name, semanticVersion }).toEqual({
      name: 'athena migrate lint',
      semanticVersion: expect.stringMatching(/^\d+\.\d+\.\d+/),
    })
    expect(new Set(rules.map(({ id }: { id: string }) => id)).size).toBe(rules.length)
    for (const rule of rules) {
      expect(rule.shortDescription.text).toMatch(/\S/)
      expect(rule.help.text).toMatch(/\S/)
      expect(['error', 'warning']).toContain(rule.defaultConfiguration.level)
    }
    expect(run.columnKind).toBe('utf16CodeUnits')
    expect(run.results).toHaveLength(2)
    for (const result of run.results) {
      expect(rules[result.ruleIndex].id).toBe(result.ruleId)
      expect(result.message.text).toMatch(/\S/)
      const [{ physicalLocation }] = result.locations
      expect(physicalLocation.artifactLocation.uri).toMatch(/^my%20sql\/2026\d+_[ab]\.sql$/)
      const { startLine, startColumn, endLine, endColumn } = physicalLocation.region
      expect(startLine).toBeGreaterThan(0)
      expect(endLine).toBe(startLine)
      expect(endColumn).toBeGreaterThan(startColumn)
    }
  })

  test.each([
    ['--json', '--sarif', '-'],
    ['--pending', '--all'],
    ['--pending', 'a.sql'],
  ])('%s %s exclude each other', async (...args) => {
    expect(await lint(project({}), ...args.filter(Boolean))).toMatchObject({ status: 2 })
  })

  test('a SARIF file that cannot be written is an error, after the findings were told', async () => {
    const cwd = project({ 'migrations/20260101000000_a.sql': index })
    writeFileSync(join(cwd, 'file'), '')
    const { status, stderr } = await lint(cwd, '--sarif', 'file/lint.sarif')
    expect(status).toBe(2)
    expect(stderr).toContain('file_unwritable')
  })
})

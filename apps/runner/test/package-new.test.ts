import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { discover } from '@athena-pg/migrator'
import fc from 'fast-check'
import { type FormatOptionsWithLanguage, format } from 'sql-formatter'
import { describe, expect, test } from 'vitest'
import { temporaryFolder, writeFiles } from '../../../test/packages.ts'
import { refusal } from '../../../test/refusals.ts'
import { command } from '../src/commands/package-new.ts'
import { assertPackageName, objectName } from '../src/package-new/names.ts'
import { sameMajor } from '../src/package-new/package-json.ts'
import { athena } from './athena.ts'
import { faultsOf } from './json-schemas.ts'

const stamped = /\d{14}/

async function made(name: string, ...flags: string[]): Promise<{ cwd: string; files: Map<string, string> }> {
  const cwd = temporaryFolder()
  const { status, stdout } = await athena(['package', 'new', name, '--json', ...flags], { cwd })
  expect(status).toBe(0)
  const files: { path: string; text: string }[] = JSON.parse(stdout).files
  return {
    cwd,
    files: new Map(files.map(({ path, text }) => [path.slice(cwd.length + 1).replace(stamped, 'STAMP'), text])),
  }
}

function everythingIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()
}

describe('athena package new', () => {
  test('writes a package into a folder named as it, and says what to do next', async () => {
    const cwd = temporaryFolder()
    const { status, stdout, stderr } = await athena(['package', 'new', '@acme/notes'], { cwd })
    expect({ status, stderr }).toEqual({ status: 0, stderr: 'next: cd notes && npm install && npm test\n' })
    expect(stdout.replace(stamped, 'STAMP').split('\n')).toEqual([
      'wrote notes/package.json',
      'wrote notes/README.md',
      'wrote notes/athena.config.json',
      'wrote notes/migrations/STAMP_create_acme_notes.sql',
      'wrote notes/functions/latest_acme_notes.sql',
      'wrote notes/test/migrations.test.js',
      'wrote notes/.gitignore',
      'wrote notes/.changeset/config.json',
      'wrote notes/.changeset/first-notes.md',
      '',
    ])
  })

  test('what it writes is a migration package on top of the schema, found from its own folder', async () => {
    const { cwd } = await made('@acme/notes')
    const packages = discover({
      packages: ['@acme/notes'],
      project: join(cwd, 'notes'),
      resolveFrom: [import.meta.dirname],
    })
    expect(packages).toMatchObject([
      { name: '@athena-pg/schema' },
      {
        name: '@acme/notes',
        dependencies: ['@athena-pg/schema'],
        migrations: [{ name: expect.stringMatching(/_create_acme_notes$/) }],
        functions: [{ name: 'latest_acme_notes' }],
      },
    ])
  })

  test('its SQL is formatted as ours', async () => {
    const options: FormatOptionsWithLanguage = JSON.parse(
      readFileSync(join(import.meta.dirname, '../../../.sql-formatter.json'), 'utf8'),
    )
    const { files } = await made('@acme/notes')
    const sql = [...files].filter(([path]) => path.endsWith('.sql'))
    expect(sql).toHaveLength(2)
    for (const [, text] of sql) expect(text).toBe(`${format(text, options).trimEnd()}\n`)
  })

  test('an empty folder may be there, anywhere', async () => {
    const cwd = temporaryFolder()
    mkdirSync(join(cwd, 'packages/mine'), { recursive: true })
    const { status } = await athena(['package', 'new', 'mine', '--folder', 'packages/mine'], { cwd })
    expect(status).toBe(0)
    expect(existsSync(join(cwd, 'packages/mine/package.json'))).toBe(true)
  })

  test('in a repository that uses changesets the changeset goes there', async () => {
    const cwd = temporaryFolder()
    writeFiles(cwd, { '.changeset/config.json': '{}' })
    await athena(['package', 'new', '@acme/notes', '--folder', 'packages/notes'], { cwd })
    expect(readFileSync(join(cwd, '.changeset/first-notes.md'), 'utf8')).toMatch(/^---\n'@acme\/notes': minor\n---\n/)
    expect(existsSync(join(cwd, 'packages/notes/.changeset'))).toBe(false)
    expect(readFileSync(join(cwd, 'packages/notes/package.json'), 'utf8')).not.toContain('@changesets/cli')
  })

  test('--dry-run prints the files and writes none; --json is what its schema says', async () => {
    const cwd = temporaryFolder()
    const printed = await athena(['package', 'new', '@acme/notes', '--dry-run'], { cwd })
    expect(printed).toMatchObject({ status: 0, stderr: 'nothing was written\n' })
    expect(printed.stdout).toContain('CREATE TABLE athena.acme_notes (')
    const { stdout } = await athena(['package', 'new', '@acme/notes', '--dry-run', '--json'], { cwd })
    const answer = JSON.parse(stdout)
    expect(answer).toMatchObject({ package: '@acme/notes', folder: join(cwd, 'notes'), written: false })
    expect(faultsOf(command.output, answer)).toEqual([])
    expect(everythingIn(cwd)).toEqual([])
  })
})

describe('athena package new refuses', () => {
  test.each([
    ['Notes', 'capital letters'],
    ['@acme/', 'not made of'],
    ['@/notes', 'not made of'],
    ['../notes', 'not made of'],
    ['.notes', 'not made of'],
    ['_notes', 'not made of'],
    ['my notes', 'not made of'],
    ["it's", 'not made of'],
    ['', 'not made of'],
    ['~', 'nothing in it could name a table'],
    ['fs', 'npm reserves it'],
    ['node_modules', 'npm reserves it'],
    ['a'.repeat(215), 'longer than 214'],
  ])('the name %j', async (name, detail) => {
    const error = await refusal(() => assertPackageName(name))
    expect(error).toMatchObject({ code: 'malformed_package_name', exit: 2, detail: expect.stringContaining(detail) })
  })

  test('a name that is no package, by the command line', async () => {
    const cwd = temporaryFolder()
    const { status, stderr } = await athena(['package', 'new', 'My Notes'], { cwd })
    expect({ status, stderr }).toMatchObject({ status: 2, stderr: expect.stringContaining('malformed_package_name') })
    expect(everythingIn(cwd)).toEqual([])
  })

  test('a folder with something in it, and a file in the way', async () => {
    const cwd = temporaryFolder()
    writeFiles(cwd, { 'notes/mine.txt': 'mine', file: '' })
    const full = await athena(['package', 'new', '@acme/notes'], { cwd })
    expect(full).toMatchObject({ status: 1, stderr: expect.stringContaining('folder_exists') })
    const file = await athena(['package', 'new', '@acme/notes', '--folder', 'file'], { cwd })
    expect(file).toMatchObject({ status: 1, stderr: expect.stringContaining('a file is where') })
    expect(everythingIn(cwd)).toEqual(['file', 'notes', 'notes/mine.txt'])
  })

  test('a name that an installed package has: of the project, or of the runner', async () => {
    const cwd = temporaryFolder()
    writeFiles(cwd, { 'node_modules/@acme/notes/package.json': '{}' })
    for (const name of ['@acme/notes', '@athena-pg/schema']) {
      const outcome = await athena(['package', 'new', name, '--folder', 'new'], { cwd })
      expect(outcome).toMatchObject({ status: 2, stderr: expect.stringContaining('name_taken') })
    }
    expect(existsSync(join(cwd, 'new/package.json'))).toBe(false)
  })

  test('a place that cannot be written, and leaves nothing there', async () => {
    const cwd = temporaryFolder()
    writeFiles(cwd, { file: '', '.changeset/config.json': '{}', '.changeset/first-notes.md': 'mine' })
    const below = await athena(['package', 'new', '@acme/notes', '--folder', 'file/notes'], { cwd })
    expect(below).toMatchObject({ status: 1, stderr: expect.stringContaining('package_unwritable') })
    // The last file of all is in the way.
    const last = await athena(['package', 'new', '@acme/notes', '--folder', 'deep/er/notes'], { cwd })
    expect(last).toMatchObject({ status: 1, stderr: expect.stringContaining('first-notes.md') })
    expect(everythingIn(cwd)).toEqual(['.changeset', '.changeset/config.json', '.changeset/first-notes.md', 'file'])
    expect(readFileSync(join(cwd, '.changeset/first-notes.md'), 'utf8')).toBe('mine')
  })
})

test('every name that npm takes gives an identifier of PostgreSQL that leaves room for suffixes', () => {
  const part = fc.stringMatching(/^[a-z0-9~-][a-z0-9._~-]{0,80}$/)
  const name = fc.oneof(
    part,
    fc.tuple(part, part).map(([scope, base]) => `@${scope}/${base}`),
  )
  fc.assert(
    fc.property(name, (each) => {
      const object = objectName(each)
      if (object === '') {
        expect(() => assertPackageName(each)).toThrow('a package cannot be called')
        return
      }
      expect(object).toMatch(/^[a-z_][a-z0-9_]{0,40}$/)
      expect(`latest_${object}_entries`.length).toBeLessThan(64)
    }),
  )
})

test('a table that the store has already is not made again', async () => {
  const { files } = await made('tasks')
  expect([...files.keys()]).toContain('tasks/migrations/STAMP_create_tasks_notes.sql')
})

test.each([
  ['0.1.0', '>=0.1.0 <1.0.0'],
  ['1.4.2', '>=1.4.2 <2.0.0'],
  ['0.2.0-next.1', '>=0.2.0-next.1 <1.0.0'],
])('with schema %s installed it may be used with every later one of the same major version', (version, range) => {
  expect(sameMajor(version)).toBe(range)
})

import { join } from 'node:path'
import { expect, test } from 'vitest'
import { installed, migration, type PackageSource, temporaryFolder, writeFiles } from '../../../test/packages.ts'
import { refusal } from '../../../test/refusals.ts'
import { discover } from '../src/index.ts'

async function refused(packages: Record<string, PackageSource>, asked: string[] = Object.keys(packages)) {
  const project = installed(packages)
  return refusal(() => discover({ packages: asked, project }))
}

const empty = migration('SELECT 1;')

test('a circle of packages is told with its way round', async () => {
  const error = await refused({ a: { dependencies: ['b'] }, b: { dependencies: ['c'] }, c: { dependencies: ['b'] } })
  expect(error.code).toBe('dependency_cycle')
  expect(error.detail).toBe('b → c → b')
})

test('a package that depends on itself is a circle', async () => {
  expect((await refused({ a: { dependencies: ['a'] } })).detail).toBe('a → a')
})

test('a package that is not installed is told with how to install it', async () => {
  const error = await refused({}, ['@demo/gone'])
  expect(error.code).toBe('package_missing')
  expect(error.hint).toContain('npm install @demo/gone')
})

test('a folder among the packages is told with where it belongs', async () => {
  const error = await refused({}, ['./migrations'])
  expect(error).toMatchObject({
    code: 'package_missing',
    hint: expect.stringContaining('{ "migrations": "./migrations" }'),
  })
})

test('a missing dependency is told with who needs it', async () => {
  const error = await refused({ a: { dependencies: ['gone'] } })
  expect(error.code).toBe('package_missing')
  expect(error.detail).toBe('a depends on it.')
})

test('a package without the "athena" field is not a migration package', async () => {
  const project = temporaryFolder()
  writeFiles(project, { 'node_modules/pad/package.json': '{ "name": "pad" }' })
  const error = await refusal(() => discover({ packages: ['pad'], project }))
  expect(error.code).toBe('not_a_migration_package')
  expect(error.detail).toContain('pad/package.json')
})

test('a package.json that is not JSON is told as that', async () => {
  const project = temporaryFolder()
  writeFiles(project, { 'node_modules/torn/package.json': '{ "name": "torn", ' })
  const error = await refusal(() => discover({ packages: ['torn'], project }))
  expect(error.code).toBe('malformed_manifest')
  expect(error.detail).toContain('JSON')
  expect(`${error.message} ${error.detail}`).toContain('torn/package.json')
})

test("a project's package.json that is not JSON is told as that", async () => {
  const project = temporaryFolder()
  writeFiles(project, { 'package.json': '{', 'migrations/20260101000000_a.sql': empty })
  const error = await refusal(() => discover({ packages: [], migrations: 'migrations', project }))
  expect(error.code).toBe('malformed_manifest')
})

test('two migrations with one stamp are both named', async () => {
  const error = await refused({ a: { migrations: { '20260101000000_a': empty, '20260101000000_b': empty } } })
  expect(error.code).toBe('duplicate_stamp')
  expect(error.detail).toMatch(/20260101000000_a\.sql\n.*20260101000000_b\.sql/)
})

test.each([
  '1_a',
  '20260101_a',
  '20261301000000_a',
  '20260101006000_a',
  '20260101000000',
  '20260101000000_A',
  "20260101000000_it's",
  'create_a',
  '2026010100000000_a',
])('the file name %s.sql is refused', async (name) => {
  const error = await refused({ a: { migrations: { [name]: empty } } })
  expect(error.code).toBe('malformed_file_name')
  expect(error.message).toContain(`${name}.sql`)
  expect(error.hint).toContain('athena migrate new')
})

test('a folder that a manifest names must be there: a misspelt one would mean "nothing to do"', async () => {
  const error = await refused({ a: { athena: { migrations: './migration' }, files: { 'migrations/x': '' } } })
  expect(error.code).toBe('folder_missing')
  expect(error.message).toContain('a/migration')
})

test("the project's own folder must be there", async () => {
  const error = await refusal(() => discover({ packages: [], migrations: './db', project: temporaryFolder() }))
  expect(error.code).toBe('folder_missing')
})

test('two versions of one package, as npm installs them where ranges do not meet, are told with who needs the other', async () => {
  const project = installed({ base: { version: '2.0.0' }, late: { dependencies: ['base'] } })
  installed({ base: { version: '1.0.0' } }, join(project, 'node_modules/late'))
  for (const packages of [
    ['base', 'late'],
    ['late', 'base'],
  ]) {
    const error = await refusal(() => discover({ packages, project }))
    expect(error).toMatchObject({ code: 'two_versions', hint: expect.stringContaining('npm dedupe') })
    expect(error.message).toBe('two versions of base are installed: 2.0.0 and 1.0.0')
    expect(error.detail).toBe(
      `${join(project, 'node_modules/base')}\n${join(project, 'node_modules/late/node_modules/base')}, by way of late`,
    )
  }
})

test('one version that is installed twice is one', () => {
  const project = installed({ base: {}, late: { dependencies: ['base'] } })
  installed({ base: {} }, join(project, 'node_modules/late'))
  expect(discover({ packages: ['base', 'late'], project }).map(({ name }) => name)).toEqual(['base', 'late'])
})

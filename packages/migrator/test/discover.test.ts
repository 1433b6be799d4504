import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { installed, migration, temporaryFolder, writeFiles } from '../../../test/packages.ts'
import { discover } from '../src/index.ts'

const one = { '20260101000000_create_a': migration('SELECT 1;') }

test('dependencies are found by themselves, and stand before what needs them', () => {
  const project = installed({
    '@demo/top': { dependencies: ['zebra', '@demo/middle'] },
    '@demo/middle': { dependencies: ['base', 'left-pad'] },
    base: {},
    zebra: { dependencies: ['base'] },
    unasked: {},
  })
  writeFiles(project, { 'node_modules/left-pad/package.json': '{ "name": "left-pad" }' })
  const packages = discover({ packages: ['@demo/top'], project })
  expect(packages.map(({ name }) => name)).toEqual(['base', '@demo/middle', 'zebra', '@demo/top'])
  expect(packages.map(({ dependencies }) => dependencies)).toEqual([[], ['base'], ['base'], ['@demo/middle', 'zebra']])
})

test('the order does not depend on the order in which packages are asked for', () => {
  const project = installed({ a: {}, b: { dependencies: ['c'] }, c: {} })
  const order = (packages: string[]) => discover({ packages, project }).map(({ name }) => name)
  expect(order(['c', 'b', 'a'])).toEqual(['a', 'c', 'b'])
  expect(order(['a', 'b'])).toEqual(['a', 'c', 'b'])
})

test('a dependency in the node_modules of the package itself is found, behind a link as well', () => {
  const store = installed({ inner: { version: '2.0.0' } }, join(temporaryFolder(), 'outer'))
  writeFiles(store, {
    'package.json': JSON.stringify({ name: 'outer', dependencies: { inner: '*' }, athena: {} }),
  })
  const project = installed({ inner: { version: '1.0.0' } })
  symlinkSync(store, join(project, 'node_modules/outer'))
  expect(discover({ packages: ['outer'], project }).map(({ name, version }) => `${name} ${version}`)).toEqual([
    'inner 2.0.0',
    'outer 0.0.0',
  ])
})

test('a package that does not export its package.json is found', () => {
  const project = temporaryFolder()
  const manifest = { name: 'shut', exports: './index.js', dependencies: { pad: '*' }, athena: {} }
  writeFiles(project, {
    'node_modules/shut/package.json': JSON.stringify(manifest),
    'node_modules/pad/package.json': JSON.stringify({ name: 'pad', exports: {} }),
  })
  expect(discover({ packages: ['shut'], project })).toMatchObject([{ name: 'shut', dependencies: [] }])
})

test('what the project does not have is looked for where the runner is installed', () => {
  const runner = installed({ base: { version: '3.0.0' }, mine: { version: '3.0.0' } })
  const project = installed({ mine: { version: '1.0.0' } })
  const found = discover({ packages: ['mine', 'base'], project, resolveFrom: [runner] })
  expect(found.map(({ name, version }) => `${name} ${version}`)).toEqual(['base 3.0.0', 'mine 1.0.0'])
})

test("the project's own folder comes last and may use every package", () => {
  const project = installed({ base: { migrations: one } })
  writeFiles(project, {
    'package.json': '{ "name": "@me/my-app" }',
    'db/20260101000000_create_a.sql': migration('SELECT 1;'),
  })
  const own = discover({ packages: ['base'], migrations: './db', project }).at(-1)
  expect(own).toMatchObject({ name: '@me/my-app', dependencies: ['base'] })
  expect(own?.migrations.map(({ id }) => id)).toEqual(['20260101000000_create_a@me+my-app'])
})

test.each([
  ['@athena-pg/schema', 'athena-pg+schema'],
  ['plain', 'plain'],
  ["it's; a (project)", 'it_s__a__project_'],
])('the package %s is %s in the ledger, which needs no quoting', (name, expected) => {
  const project = temporaryFolder()
  writeFiles(project, {
    'package.json': JSON.stringify({ name }),
    'migrations/20260101000000_create_a.sql': migration('SELECT 1;'),
  })
  const [own] = discover({ packages: [], migrations: 'migrations', project })
  expect(own?.migrations[0]).toMatchObject({
    id: `20260101000000_create_a@${expected}`,
    name: '20260101000000_create_a',
    stamp: '20260101000000',
    package: name,
  })
})

test('two packages may hold the same file name', () => {
  const project = installed({ a: { migrations: one }, b: { migrations: one } })
  expect(
    discover({ packages: ['a', 'b'], project }).flatMap(({ migrations }) => migrations.map(({ id }) => id)),
  ).toEqual(['20260101000000_create_a@a', '20260101000000_create_a@b'])
})

test('a README, hidden files and other kinds of file are ignored', () => {
  const files = {
    'migrations/README.md': '# drop it',
    'migrations/.x.sql': 'x',
    'migrations/a.sql.bak': 'x',
    'migrations/meta.json': '',
  }
  const project = installed({ a: { migrations: one, files } })
  expect(discover({ packages: ['a'], project })[0]?.migrations.map(({ name }) => name)).toEqual(Object.keys(one))
})

test('line ends and a byte order mark of a checkout do not change what is read', () => {
  const text = migration('SELECT 1;')
  const migrations = { '20260101000000_a': text, '20260101000001_a': `\uFEFF${text.replaceAll('\n', '\r\n')}` }
  const [pack] = discover({ packages: ['a'], project: installed({ a: { migrations } }) })
  expect(pack?.migrations[1]?.checksum).toBe(pack?.migrations[0]?.checksum)
  expect(pack?.migrations[1]?.text).toBe(text)
})

test('a package without functions or migrations of its own has none', () => {
  const [pack] = discover({ packages: ['a'], project: installed({ a: {} }) })
  expect(pack).toMatchObject({ migrations: [], functions: [], variables: {}, requires: {} })
})

import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder, writeFiles } from '../../../test/packages.ts'
import { athena } from './athena.ts'

/** A workspace with a package of its own, which is linked into node_modules. */
function project(): string {
  const cwd = temporaryFolder()
  writeFiles(cwd, {
    'athena.config.json': JSON.stringify({ packages: ['@acme/shop'] }),
    'node_modules/@acme/shop/package.json': JSON.stringify({ name: '@acme/shop', athena: { functions: './sql' } }),
    'node_modules/@acme/shop/sql/a.sql': 'CREATE OR REPLACE FUNCTION shop.a () …',
  })
  return cwd
}
const files = (folder: string) => (existsSync(folder) ? readdirSync(folder) : [])

test('a migration and a function are written with one call, to the own folders', async () => {
  const cwd = project()
  const { status, stdout, stderr } = await athena(['migrate', 'new', 'add-tags', '--function', 'tag_all'], { cwd })
  expect({ status, stdout }).toEqual({
    status: 0,
    stdout: `${join(cwd, 'migrations', files(join(cwd, 'migrations'))[0] ?? '')}\n${join(cwd, 'functions/tag_all.sql')}\n`,
  })
  expect(stderr).toContain('note: put "functions": "./functions" into athena.config.json')
  expect(stderr).toMatch(/\nnext: .*athena migrate plan\n$/)
})

test('a function alone needs no name of a migration', async () => {
  const cwd = project()
  const { status, stdout } = await athena(['migrate', 'new', '--function', 'tag_all', '--json'], { cwd })
  expect([status, JSON.parse(stdout)]).toEqual([0, { function: join(cwd, 'functions/tag_all.sql') }])
  expect(files(join(cwd, 'migrations'))).toEqual([])
})

test('folders that the configuration names are made', async () => {
  const cwd = project()
  writeFiles(cwd, {
    'athena.config.json': JSON.stringify({ packages: [], migrations: './sql/up', functions: './sql/f' }),
  })
  const { status, stderr } = await athena(['migrate', 'new', 'add-tags', '--function', 'tag_all'], { cwd })
  expect({ status, stderr }).toEqual({ status: 0, stderr: expect.not.stringContaining('note') })
  expect([files(join(cwd, 'sql/up')).length, files(join(cwd, 'sql/f'))]).toEqual([1, ['tag_all.sql']])
})

test('the own folders, named as a package, are those of the configuration', async () => {
  const cwd = project()
  writeFiles(cwd, {
    'athena.config.json': JSON.stringify({ packages: [], migrations: './sql/up' }),
    'sql/up/20260101000000_create.sql': '-- Up Migration',
  })
  const { status, stdout, stderr } = await athena(['migrate', 'new', 'project', '--function', 'tag_all'], { cwd })
  expect({ status, stdout }).toEqual({ status: 0, stdout: `${join(cwd, 'functions/tag_all.sql')}\n` })
  expect(stderr).toContain('note: put "functions": "./functions" into athena.config.json')
  expect(stderr).not.toContain('package.json')
})

test.each([
  ['no name', [], 'missing_operand'],
  ['too many', ['a', 'b', 'c'], 'unexpected_operand'],
  ['a function that cannot be called so', ['add-tags', '--function', 'Tag All'], 'malformed_file_name'],
  ['a migration that cannot be called so', ['...', '--function', 'tag_all'], 'malformed_file_name'],
  ['an installed package', ['shop', '--function', 'tag_all'], 'unknown_package'],
  ['an unknown package', ['shopp', 'add-tags', '--function', 'tag_all'], 'unknown_package'],
])('%s: is refused, with nothing written', async (_, args, code) => {
  const cwd = project()
  const { status, stdout } = await athena(['migrate', 'new', '--json', ...args], { cwd })
  expect([status, JSON.parse(stdout).error.code]).toEqual([2, code])
  expect([files(join(cwd, 'migrations')), files(join(cwd, 'functions'))]).toEqual([[], []])
  expect(files(join(cwd, 'node_modules/@acme/shop'))).toEqual(['package.json', 'sql'])
})

test('a function that is there already is not written over, and its migration not written', async () => {
  const cwd = project()
  await athena(['migrate', 'new', '--function', 'tag_all'], { cwd })
  const { status, stdout } = await athena(['migrate', 'new', 'add-tags', '--function', 'tag_all', '--json'], { cwd })
  expect([status, JSON.parse(stdout).error.code]).toEqual([1, 'function_exists'])
  expect(files(join(cwd, 'migrations'))).toEqual([])
})

import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder, writeFiles } from '../../../test/packages.ts'
import { refusal } from '../../../test/refusals.ts'
import { discover } from '../src/index.ts'
import { newMigration } from '../src/new/new.ts'

const now = new Date('2026-11-22T10:59:59.750Z')

test('a new migration is named after the second and what it does', () => {
  const folder = join(temporaryFolder(), 'not/yet/there')
  expect(basename(newMigration(folder, 'add-memory-tags', now))).toBe('20261122105959_add_memory_tags.sql')
  expect(basename(newMigration(folder, '  Rename Ämter.sql ', now))).toBe('20261122110000_rename_mter.sql')
  expect(basename(newMigration(folder, 'x', now))).toBe('20261122110001_x.sql')
})

test('two in the same second get two stamps, whatever they are called', () => {
  const project = temporaryFolder()
  for (const name of ['a', 'b', 'a']) newMigration(join(project, 'migrations'), name, now)
  const [own] = discover({ packages: [], migrations: 'migrations', project })
  expect(new Set(own?.migrations.map(({ stamp }) => stamp)).size).toBe(3)
})

test('it comes after the last one of the folder, also where the clock is behind', () => {
  const folder = temporaryFolder()
  writeFiles(folder, { '20270228235959_x.sql': '', '20260101000000_a.sql': '', '99999999999999.md': '' })
  expect(basename(newMigration(folder, 'y', now))).toBe('20270301000000_y.sql')
})

test('what it writes is a migration that does nothing yet', () => {
  const text = readFileSync(newMigration(temporaryFolder(), 'x', now), 'utf8')
  expect(text).toMatch(/^-- Up Migration$/m)
  expect(text).toMatch(/^-- Down Migration$/m)
})

test.each(['', '---', '...', 'ä'])('%j is no name for one', async (name) => {
  const error = await refusal(() => newMigration(temporaryFolder(), name, now))
  expect(error).toMatchObject({ code: 'malformed_file_name', exit: 2 })
})

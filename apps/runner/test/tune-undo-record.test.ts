import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../../../test/packages.ts'
import { refusal } from '../../../test/refusals.ts'
import { readRecord, storeRecord, type UndoRecord, writeDurably } from '../src/tune/live/undo-record.ts'
import { visible } from '../src/tune/live/visible.ts'
import { warnOfUnfinished } from '../src/tune/live/warn-of-unfinished.ts'

const record: UndoRecord = {
  format: 1,
  state: 'done',
  at: '2026-11-24T20:00:00.000Z',
  server: { system: '7', dataDirectory: '/data', address: 'host:5432' },
  changes: [{ name: 'jit', before: null, after: 'off' }],
}

describe('an undo record', () => {
  test('is for its owner alone, and read as it was written', () => {
    const { path } = storeRecord(temporaryFolder(), record)
    expect(readRecord(path)).toEqual(record)
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  test.each([
    ['cut off', '{"format":1'],
    ['empty', ''],
    ['no object', 'null'],
    ['of a later version', { ...record, format: 2 }],
    ['of no server', { ...record, server: null }],
    ['of an unknown state', { ...record, state: 'halfway' }],
    ['with a value that is no text', { ...record, changes: [{ name: 'jit', before: 1, after: null }] }],
    ['with a value that is missing', { ...record, changes: [{ name: 'jit', after: null }] }],
    ['with half a file', { ...record, file: { path: '/x' } }],
  ])('%s is refused, and only told by what changes nothing', async (_, content) => {
    const project = temporaryFolder()
    mkdirSync(join(project, '.athena', 'tune'), { recursive: true })
    const path = join(project, '.athena', 'tune', '7-x.json')
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
    expect(await refusal(async () => readRecord(path))).toMatchObject({ code: 'undo_record_unreadable' })
    const said: string[] = []
    warnOfUnfinished((line) => void said.push(line), project, '7')
    expect(said).toEqual([expect.stringContaining(path)])
  })
})

test('a file that cannot be put in its place leaves nothing beside it', async () => {
  const folder = temporaryFolder()
  mkdirSync(join(folder, 'taken'))
  await expect(async () => writeDurably(join(folder, 'taken'), 'x', 0o600)).rejects.toThrow()
  expect(readdirSync(folder)).toEqual(['taken'])
})

test('an escape sequence in a value is shown as letters', () => {
  expect(visible('a\x1b[2J\x9b\tb ü')).toBe('a\\x1b[2J\\x9b\\x09b ü')
})

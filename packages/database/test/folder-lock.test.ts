import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../../test/packages.ts'
import { lockFolder } from '../src/folder-lock.ts'
import { startChild } from './child.ts'

const newFile = () => join(temporaryFolder(), 'data.lock')
const left = (file: string) => readdirSync(dirname(file))
const read = (file: string) => JSON.parse(readFileSync(file, 'utf8'))

test('the lock is held by one process, and told to the others', async () => {
  const file = newFile()
  const holder = startChild('hold-folder.ts', [file])
  expect(await holder.line()).toBe('held')
  expect(lockFolder(file)).toMatchObject({ pid: holder.pid, since: expect.stringMatching(/^\d{4}-/) })
  holder.process.stdin?.write('end\n')
  await holder.ended
  expect(left(file)).toEqual([])
})

test('the same process does not get it twice', () => {
  const file = newFile()
  const lock = lockFolder(file)
  expect(lockFolder(file)).toMatchObject({ pid: process.pid })
  if ('release' in lock) lock.release()
  expect(left(file)).toEqual([])
})

test('the lock of a killed process is taken over', async () => {
  const file = newFile()
  const holder = startChild('hold-folder.ts', [file])
  await holder.line()
  holder.process.kill('SIGKILL')
  await holder.ended
  expect(lockFolder(file)).toHaveProperty('release')
  expect(read(file)).toMatchObject({ pid: process.pid })
  expect(left(file)).toEqual([basename(file)])
})

test.runIf(process.platform === 'linux')('a process that only got the same pid is not taken for the holder', () => {
  const file = newFile()
  const first = lockFolder(file)
  const written = read(file)
  writeFileSync(file, JSON.stringify({ ...written, started: String(Number(written.started) - 1) }))
  expect(lockFolder(file)).toHaveProperty('release')
  if ('release' in first) first.release()
  expect(left(file), 'the lock of the next holder stays').toEqual([basename(file)])
})

test('a holder before the machine was started anew is dead', () => {
  const file = newFile()
  lockFolder(file)
  writeFileSync(file, JSON.stringify({ ...read(file), boot: 'an earlier one' }))
  expect(lockFolder(file)).toHaveProperty('release')
})

test('a holder on another machine, or in another container, is never taken for dead', () => {
  for (const elsewhere of [
    { host: 'another', pid: 999_999 },
    { pids: 'pid:[1]', pid: 999_999 },
  ]) {
    const file = newFile()
    lockFolder(file)
    writeFileSync(file, JSON.stringify({ ...read(file), ...elsewhere }))
    expect(lockFolder(file)).toMatchObject(elsewhere)
  }
})

test('of eight processes that find a dead holder at once, one follows it', async () => {
  for (let round = 0; round < 3; round++) {
    const file = newFile()
    const dead = startChild('hold-folder.ts', [file])
    await dead.line()
    dead.process.kill('SIGKILL')
    await dead.ended
    const start = String(Date.now() + 1500)
    const heirs = Array.from({ length: 8 }, () => startChild('hold-folder.ts', [file, start]))
    const answers = await Promise.all(heirs.map((heir) => heir.line()))
    expect(answers.filter((answer) => answer === 'held')).toHaveLength(1)
    const holder = heirs[answers.indexOf('held')]
    expect(new Set(answers)).toEqual(new Set(['held', String(holder?.pid)]))
    expect(read(file)).toMatchObject({ pid: holder?.pid })
    for (const heir of heirs) heir.process.stdin?.write('end\n')
    await Promise.all(heirs.map((heir) => heir.ended))
    expect(left(file)).toEqual([])
  }
})

test('a process that has no more than the right to follow is not told as the holder', async () => {
  const [file, elsewhere] = [newFile(), newFile()]
  const slower = startChild('hold-folder.ts', [elsewhere])
  await slower.line()
  const self = identity(file)
  writeFileSync(file, JSON.stringify({ ...self, pid: 999_999_999, id: 'dead' }))
  writeFileSync(`${file}.dead`, readFileSync(elsewhere))
  const asking = startChild('hold-folder.ts', [file])
  await new Promise((resolve) => setTimeout(resolve, 1000))
  writeFileSync(`${file}.faster`, JSON.stringify({ ...self, id: 'faster' }))
  renameSync(`${file}.faster`, file)
  expect(await asking.line()).toBe(String(process.pid))
  for (const child of [slower, asking]) child.process.stdin?.write('end\n')
  await Promise.all([slower.ended, asking.ended])
})

test('a process that was killed while it followed a dead holder is followed too', () => {
  const file = newFile()
  const dead = { ...identity(file), pid: 999_999_999, id: 'first' }
  writeFileSync(file, JSON.stringify(dead))
  writeFileSync(`${file}.first`, JSON.stringify({ ...dead, id: 'second' }))
  writeFileSync(`${file}.first.second`, JSON.stringify({ ...dead, id: 'third' }))
  expect(lockFolder(file)).toHaveProperty('release')
  expect(read(file)).toMatchObject({ pid: process.pid })
  expect(left(file)).toEqual([basename(file)])
})

function identity(file: string): object {
  const lock = lockFolder(file)
  const written = read(file)
  if ('release' in lock) lock.release()
  return written
}

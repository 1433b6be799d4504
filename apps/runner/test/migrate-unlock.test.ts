import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, inject, test } from 'vitest'
import { temporaryFolder } from '../../../test/packages.ts'
import { athena, outcome, startAthena } from './athena.ts'

const unlock = (cwd: string, ...more: string[]) => athena(['migrate', 'unlock', ...more], { cwd })

test('of the embedded database says who holds the folder, and ends nobody; nothing is made where nothing is', {
  timeout: 300_000,
}, async () => {
  const cwd = temporaryFolder()
  expect(await unlock(cwd)).toEqual({
    status: 0,
    stdout: expect.stringMatching(/^nobody holds the embedded database in /),
    stderr: '',
  })
  expect(spawnSync('ls', ['-A', cwd]).stdout.toString()).toBe('')
  cpSync(inject('embeddedTemplate'), join(cwd, '.athena/data'), { recursive: true })
  await athena(['migrate', 'up', '--only', 'schema'], { cwd })
  const holder = startAthena(['remember', '-', '--project', 'demo'], { cwd })
  const ended = outcome(holder)
  await once(holder.stderr, 'data')
  expect(await unlock(cwd, '--yes')).toEqual({
    status: 1,
    stdout: expect.stringMatching(new RegExp(`^process ${holder.pid} on .* and is alive\n  .*: kill ${holder.pid}\n$`)),
    stderr: '',
  })
  const asJson = await unlock(cwd, '--dry-run', '--json')
  expect([asJson.status, JSON.parse(asJson.stdout)]).toEqual([
    0,
    {
      holders: [
        expect.objectContaining({
          lock: 'folder',
          pid: holder.pid,
          state: 'alive',
          since: expect.stringMatching(/Z$/),
        }),
      ],
      ended: [],
    },
  ])
  holder.kill('SIGKILL')
  await ended
  expect(await unlock(cwd)).toEqual({ status: 0, stdout: expect.stringContaining('and is gone'), stderr: '' })
})

test('a holder on another machine is not judged from here', async () => {
  const cwd = temporaryFolder()
  cpSync(inject('embeddedTemplate'), join(cwd, '.athena/data'), { recursive: true })
  const lock = join(cwd, '.athena/data.lock')
  writeFileSync(lock, JSON.stringify({ id: 'x', pid: 1, host: 'elsewhere', since: '2026-01-01T00:00:00.000Z' }))
  expect(await unlock(cwd)).toEqual({
    status: 1,
    stdout: expect.stringContaining(`if it is surely gone: rm ${lock}`),
    stderr: '',
  })
  writeFileSync(lock, 'nonsense')
  expect(await unlock(cwd, '--json')).toMatchObject({
    status: 1,
    stdout: expect.stringContaining('embedded_lock_unreadable'),
  })
})

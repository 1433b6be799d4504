import { once } from 'node:events'
import { cpSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, inject, test } from 'vitest'
import { temporaryFolder } from '../../../test/packages.ts'
import { athena, outcome, startAthena } from './athena.ts'

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)(
  '%s closes the embedded database and ends with %i; meanwhile it is refused to others',
  async (signal, status) => {
    const cwd = temporaryFolder()
    cpSync(inject('embeddedTemplate'), join(cwd, '.athena/data'), { recursive: true })
    await athena(['migrate', 'up', '--only', 'schema'], { cwd })
    const reading = startAthena(['remember', '-', '--project', 'demo'], { cwd })
    const ended = outcome(reading)
    await once(reading.stderr, 'data')
    expect(await athena(['ping', '--json'], { cwd })).toMatchObject({
      status: 1,
      stdout: expect.stringMatching(new RegExp(`"embedded_in_use".*process ${reading.pid} `)),
      stderr: '',
    })
    reading.kill(signal)
    expect(await ended).toMatchObject({ status, stdout: '' })
    expect(readdirSync(join(cwd, '.athena'))).toEqual(['data'])
  },
)

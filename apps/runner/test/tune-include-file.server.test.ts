import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { athena as start } from '../../../test/athena.ts'
import { hasDocker } from '../../../test/docker.ts'
import { temporaryFolder } from '../../../test/packages.ts'
import { athena } from './athena.ts'
import { type GateProxy, gateProxy } from './gate-proxy.ts'
import { conforming } from './json-schemas.ts'
import { autoConfOf, images, type OwnServer, ownServer, settingsOf } from './own-server.ts'

const patience = 240_000

describe.skipIf(!hasDocker()).each(images)(
  'athena tune apply --include-file on a server of PostgreSQL %i',
  (_, image) => {
    const facts = ['--memory', '8GB', '--cpus', '4', '--storage', 'ssd', '--connections', '80']
    const folder = temporaryFolder()
    const file = join(folder, 'athena.conf')
    let server: OwnServer
    let proxy: GateProxy | undefined
    let cwd: string
    beforeAll(async () => {
      chmodSync(folder, 0o755)
      server = await ownServer(image, folder)
    }, patience)
    beforeEach(async () => {
      cwd = temporaryFolder()
      await server.query('ALTER SYSTEM RESET ALL')
      writeFileSync(file, "# by hand\nathena.tuned = 'earlier'\nwork_mem = '6MB'\n")
      await server.query('SELECT pg_reload_conf()')
      await proxy?.close()
      proxy = undefined
    })
    afterAll(async () => {
      await proxy?.close()
      await server?.stop()
    })
    const place = (url = server.url) => ({ cwd, env: { DATABASE_URL: url } })
    const apply = (path = file, ...args: string[]) =>
      athena(['tune', 'apply', ...facts, '--yes', '--include-file', path, ...args], place())
    const rollback = (url?: string) => athena(['tune', 'apply', '--rollback', '--yes'], place(url))

    test('writes the file in one step, keeps the earlier one beside it, and takes it back', async () => {
      const [settings, before] = [await settingsOf(server), readFileSync(file, 'utf8')]
      chmodSync(file, 0o664)
      const outcome = await apply(file, '--json')
      expect(outcome).toMatchObject({ status: 0 })
      const { outcomes } = (await conforming(['tune', 'apply'], outcome)) as {
        outcomes: { name: string; state: string }[]
      }
      expect(outcomes.find(({ name }) => name === 'work_mem')).toMatchObject({ state: 'in effect' })
      expect(outcomes.find(({ name }) => name === 'shared_buffers')).toMatchObject({ state: 'waits for restart' })
      expect(readdirSync(folder).toSorted()).toEqual(['athena.conf', 'athena.conf.athena-before'])
      expect(readFileSync(`${file}.athena-before`, 'utf8')).toBe(before)
      expect(statSync(file).mode & 0o777).toBe(0o664)
      expect(await autoConfOf(server)).toEqual({})
      expect(await rollback()).toMatchObject({ status: 0 })
      expect(readFileSync(file, 'utf8')).toBe(before)
      expect(readdirSync(folder)).toEqual(['athena.conf'])
      expect(await settingsOf(server)).toEqual(settings)
    })

    test('survives a restart, and removes on rollback a file that was not there', { timeout: patience }, async () => {
      const other = join(folder, 'other.conf')
      expect(await apply(other)).toMatchObject({ status: 0 })
      await server.restart()
      expect(await athena(['tune', 'diff', ...facts], place())).toMatchObject({ status: 0 })
      expect(await rollback()).toMatchObject({ status: 0 })
      expect(existsSync(other)).toBe(false)
      await server.restart()
      expect((await settingsOf(server)).work_mem).toBe('6144')
    })

    test('takes the file back where the server does not read it, and says which line is missing', async () => {
      const elsewhere = join(temporaryFolder(), 'athena.conf')
      expect(await apply(elsewhere)).toMatchObject({
        status: 1,
        stderr: expect.stringMatching(/file_not_included[\s\S]*as it was before[\s\S]*include_if_exists '/),
      })
      expect(existsSync(elsewhere)).toBe(false)
      expect(await apply(join(folder, 'missing', 'athena.conf'))).toMatchObject({ status: 2 })
    })

    test('names what ALTER SYSTEM has set, which beats the file', async () => {
      await server.query("ALTER SYSTEM SET work_mem = '9MB'")
      await server.query('SELECT pg_reload_conf()')
      const { status, stdout } = await apply()
      expect(status).toBe(0)
      expect(stdout).toMatch(/work_mem .* overridden +\S*postgresql\.auto\.conf:3 has 9MB/)
    })

    test('brings the file back after a kill between writing and reload', async () => {
      const before = readFileSync(file, 'utf8')
      proxy = await gateProxy(server.url)
      const held = proxy.hold('pg_reload_conf')
      const child = start(['tune', 'apply', ...facts, '--yes', '--include-file', file], {
        cwd,
        env: { DATABASE_URL: proxy.url },
      })
      await held
      child.process.kill('SIGKILL')
      await child.ended
      expect(readFileSync(file, 'utf8')).not.toBe(before)
      expect(await rollback(proxy.url)).toMatchObject({ status: 0 })
      expect(readFileSync(file, 'utf8')).toBe(before)
    })

    test('does not take back in passing what somebody else has written since', async () => {
      await apply()
      writeFileSync(file, "work_mem = '5MB'\n")
      expect(await rollback()).toMatchObject({ status: 1, stderr: expect.stringContaining('changed_since') })
      expect(readFileSync(file, 'utf8')).toBe("work_mem = '5MB'\n")
    })
  },
)

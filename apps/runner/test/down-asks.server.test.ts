import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { athena } from '../../../test/athena.ts'
import { onEachEngine } from '../../../test/engines.ts'
import { freshDatabase } from '../../../test/fresh-database.ts'
import { ledgerNames } from '../../../test/migrating.ts'
import { migration, temporaryFolder, writeFiles } from '../../../test/packages.ts'

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))

onEachEngine('athena migrate down', (engine) => {
  const db = freshDatabase(engine)

  async function applied(): Promise<string> {
    const cwd = temporaryFolder()
    writeFiles(cwd, {
      'athena.config.json': '{ "packages": [], "migrations": "./migrations" }',
      'migrations/20260101000000_create_notes.sql': migration('CREATE TABLE notes ();', 'DROP TABLE notes;'),
    })
    expect(await athena(['migrate', 'up'], { cwd, env: db().env }).ended).toMatchObject({ status: 0 })
    return cwd
  }

  // util-linux's `script` gives the command a terminal.
  test.runIf(process.platform === 'linux')('asks whoever sits at a terminal, and takes only yes for yes', async () => {
    const cwd = await applied()
    const answer = (text: string, ...flags: string[]) => {
      const command = [process.execPath, '--conditions=athena-src', main, 'migrate', 'down', ...flags].join(' ')
      const { stdout } = spawnSync('script', ['-qec', command, '/dev/null'], {
        cwd,
        env: { ...process.env, ...db().env },
        input: text,
        encoding: 'utf8',
      })
      return stdout
    }
    expect(answer('n\n')).toMatch(/take back .*create_notes.*warning: .* gone[\s\S]*\[y\/N\][\s\S]*not_confirmed/s)
    expect(await ledgerNames(db().database)).toHaveLength(1)
    expect(answer('y\n')).toMatch(/\[y\/N\][\s\S]*took back/)
    expect(await ledgerNames(db().database)).toEqual([])
    await athena(['migrate', 'up'], { cwd, env: db().env }).ended
    expect(answer('', '--yes')).not.toContain('[y/N]')
    expect(await ledgerNames(db().database)).toEqual([])
  })

  test('asks no script', async () => {
    const cwd = await applied()
    expect(await athena(['migrate', 'down'], { cwd, env: db().env }).ended).toMatchObject({ status: 0 })
    expect(await ledgerNames(db().database)).toEqual([])
  })
})

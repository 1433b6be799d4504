import { expect, test } from 'vitest'
import { onEachEngine } from '../../../test/engines.ts'
import { freshDatabase } from '../../../test/fresh-database.ts'
import { migration, temporaryFolder, writeFiles } from '../../../test/packages.ts'
import { athena } from './athena.ts'

const create = migration(
  'CREATE SCHEMA app;\nCREATE TABLE app.notes (id serial, title text);',
  'DROP SCHEMA app CASCADE;',
)
const unique = migration('ALTER TABLE app.notes ADD UNIQUE (title);')

onEachEngine('before up', (engine) => {
  const db = freshDatabase(engine)

  /** On the embedded database each project makes its own. */
  function project(files: Record<string, string>) {
    const cwd = temporaryFolder()
    const config = JSON.stringify({ packages: [], migrations: './migrations' })
    const add = (more: Record<string, string>) =>
      writeFiles(cwd, Object.fromEntries(Object.entries(more).map(([name, text]) => [`migrations/${name}.sql`, text])))
    writeFiles(cwd, { 'athena.config.json': config })
    add(files)
    const env = engine.kind === 'server' ? db().env : {}
    return { add, run: (...args: string[]) => athena(['migrate', ...args], { cwd, env }) }
  }

  test('an error in what is pending refuses the run; nothing is applied, and --no-lint goes on', async () => {
    const { add, run } = project({ '20260101000000_create_notes': create })
    const first = await run('up')
    expect(first).toMatchObject({ status: 0, stdout: expect.stringContaining('applied 20260101000000_create_notes') })
    expect(first.stderr).toContain('warning[serial_column] migrations/20260101000000_create_notes.sql:3:')
    add({ '20260102000000_x': migration('CREATE TABLE app.x ();'), '20260103000000_unique_notes': unique })
    const refused = await run('up')
    expect(refused).toMatchObject({ status: 1, stdout: '' })
    expect(refused.stderr).toContain('error[blocking_unique_constraint] migrations/20260103000000_unique_notes.sql:2:')
    expect(refused.stderr).toContain('(lint_refused)')
    expect(refused.stderr).toContain('--no-lint')
    expect(refused.stderr).not.toContain('serial_column')
    const asJson = await run('up', '--json')
    expect(JSON.parse(asJson.stdout).error).toMatchObject({ code: 'lint_refused' })
    expect((await run('status')).stdout).toMatch(/pending .*20260102000000_x\npending .*20260103000000_unique_notes\n/)
    for (const args of [['plan'], ['up', '--dry-run']]) {
      const shown = await run(...args)
      expect(shown).toMatchObject({ status: 0, stdout: expect.stringContaining('20260103000000_unique_notes') })
      expect(shown.stderr).toContain('error[blocking_unique_constraint]')
    }
    const forced = await run('up', '--no-lint')
    expect(forced).toMatchObject({ status: 0, stdout: expect.stringContaining('applied 20260103000000_unique_notes') })
    expect(forced.stderr).not.toContain('blocking_unique_constraint')
    expect((await run('up')).stderr).not.toContain('blocking_unique_constraint')
  })

  test('what an earlier pending file makes is new; --pending says what up says', async () => {
    const { run } = project({ '20260101000000_create_notes': create, '20260103000000_unique_notes': unique })
    expect((await run('lint')).stdout).toContain('error[blocking_unique_constraint]')
    const pending = await run('lint', '--pending')
    expect(pending).toMatchObject({
      status: 0,
      stderr: expect.stringContaining('0 errors and 1 warning in 1 of 2 files'),
    })
    expect(pending.stdout).toContain('warning[serial_column]')
    expect(await run('up')).toMatchObject({ status: 0 })
    expect(await run('lint', '--pending')).toMatchObject({ status: 0, stdout: '' })
  })

  test('what applied files say of a table excuses', async () => {
    const notNull = '20260104000000_not_null'
    const { add, run } = project({ '20260101000000_create_notes': create })
    expect(await run('up')).toMatchObject({ status: 0 })
    add({ [notNull]: migration('ALTER TABLE app.notes ALTER COLUMN title SET NOT NULL;') })
    expect(await run('up')).toMatchObject({ status: 1, stderr: expect.stringContaining('error[scanning_not_null]') })
    add({
      '20260102000000_a': migration('ALTER TABLE app.notes ADD CONSTRAINT c CHECK (title IS NOT NULL) NOT VALID;'),
      '20260103000000_b': migration('ALTER TABLE app.notes VALIDATE CONSTRAINT c;'),
    })
    expect(await run('up', '--to', '20260103000000')).toMatchObject({ status: 0 })
    expect(await run('up')).toMatchObject({ status: 0, stdout: expect.stringContaining(notNull) })
  })

  test('a suppression counts, and one that is not needed here is no finding', async () => {
    const ignored = unique.replace('ALTER', '-- athena-ignore blocking_unique_constraint: few rows\nALTER')
    const { run } = project({ '20260101000000_create_notes': create, '20260103000000_unique_notes': ignored })
    const { status, stderr } = await run('up')
    expect(status).toBe(0)
    expect(stderr).not.toContain('unused_suppression')
    expect(await run('lint')).toMatchObject({ status: 0 })
  })
})

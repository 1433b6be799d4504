import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../../../test/packages.ts'
import { allCommands } from '../src/find-command.ts'
import { athena, outcome, startAthena } from './athena.ts'

describe('help', () => {
  test('athena, athena --help and athena help list every command', async () => {
    const [bare, flag, word] = await Promise.all([athena([]), athena(['--help']), athena(['help'])])
    expect(bare).toMatchObject({ status: 0, stderr: '' })
    for (const words of allCommands()) expect(bare.stdout).toContain(`  ${words.join(' ')} `)
    expect(flag).toEqual(bare)
    expect(word).toEqual(bare)
  })

  test('a group lists its commands, on stderr and with status 2 where that was not asked', async () => {
    const asked = await athena(['migrate', '--help'])
    expect(asked).toMatchObject({ status: 0, stderr: '' })
    expect(asked.stdout).toContain('Usage: athena migrate COMMAND')
    expect(asked.stdout).not.toContain('remember')
    expect(await athena(['migrate'])).toEqual({ status: 2, stdout: '', stderr: asked.stdout })
  })

  test.each(allCommands().map((words) => [words.join(' ')]))('athena %s --help says how it is used', async (name) => {
    const [after, before] = await Promise.all([
      athena([...name.split(' '), '--help']),
      athena(['help', ...name.split(' ')]),
    ])
    expect(after).toMatchObject({ status: 0, stderr: '', stdout: expect.stringContaining(`\nUsage: athena ${name}`) })
    expect(before).toEqual(after)
  })

  test('a page is no wider than a README shows', async () => {
    const pages = await Promise.all(allCommands().map((words) => athena([...words, '-h'])))
    const lines = pages.flatMap(({ stdout }) => stdout.split('\n'))
    expect(
      lines.filter((line) => line.length > 100 && !line.startsWith('  athena ') && !line.startsWith('  echo ')),
    ).toEqual([])
  })

  test('--version prints the version', async () => {
    expect(await athena(['--version'])).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\S*\n$/),
    })
  })
})

describe('a wrong call ends with status 2 and says', () => {
  test.each([
    [['pimg'], 'unknown_command', 'Did you mean athena ping?'],
    [['migrate', 'stauts'], 'unknown_command', 'Did you mean athena migrate status?'],
    [['migrat', 'up'], 'unknown_command', 'Did you mean athena migrate up?'],
    [['migrat'], 'unknown_command', 'Did you mean athena migrate?'],
    [['serch', 'words to find'], 'unknown_command', 'Did you mean athena search?'],
    [['../main'], 'unknown_command', 'athena --help lists the commands.'],
    [['help', 'nowhere'], 'unknown_command', 'athena --help lists the commands.'],
    [['migrate', 'up', '--dry-rum'], 'unknown_flag', 'Did you mean --dry-run?'],
    [['ping', '-x'], 'unknown_flag', 'See athena ping --help'],
    [['--databse-url', 'x', 'ping'], 'missing_command', 'athena --help lists the commands.'],
    [['ping', '--database-url'], 'malformed_flag', 'See athena ping --help'],
    [['ping', '--json=yes'], 'malformed_flag', 'See athena ping --help'],
    [['ping', 'twice'], 'unexpected_operand', expect.stringContaining('Usage: athena ping')],
    [['remember', '--project', 'x'], 'missing_operand', 'Usage: athena remember FILE...'],
    [['search', '--project', 'x'], 'missing_operand', expect.stringContaining('athena search "')],
    [['search', 'x', '--project', 'x', '--limit', '0'], 'malformed_flag', 'For example --limit 20'],
    [['remember', 'x', '--project', 'x', '--type', 'Not Good'], 'malformed_flag', expect.stringContaining('--type')],
    [['ping', '--database-url', 'mysql://u:secret@h'], 'malformed_url', expect.stringContaining('postgres://')],
  ])('%j: %s', async (args, code, hint) => {
    const { status, stdout, stderr } = await athena([...args, '--json'])
    expect(status).toBe(2)
    expect(JSON.parse(stdout)).toEqual({ error: expect.objectContaining({ code, message: expect.any(String), hint }) })
    expect(stderr).toBe('')
  })

  test('so for people too, in the form of PostgreSQL and without colour', async () => {
    expect(await athena(['pimg'])).toEqual({
      status: 2,
      stdout: '',
      stderr: expect.stringMatching(
        /^error: there is no command "athena pimg" \(unknown_command\)\ndetail: There are: .*\binit, .*\nhint: Did you mean athena ping\?\n$/,
      ),
    })
  })
})

describe('arguments', () => {
  const unreachable = 'postgres://ada:secret@127.0.0.1:1/app'

  test('may stand before the command where every command takes them', async () => {
    const { stdout } = await athena(['--json', '--database-url', unreachable, 'ping'])
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'server_unreachable' } })
  })

  test('come after a -- that pnpm hands on', async () => {
    expect(await athena(['--', 'ping', '--help'])).toEqual(await athena(['ping', '--help']))
  })

  test('--database-url goes before DATABASE_URL, and that before the PG* variables', async () => {
    const env = { DATABASE_URL: 'postgres://127.0.0.1:2/b', PGHOST: '127.0.0.1', PGPORT: '3', PGDATABASE: 'c' }
    expect((await athena(['ping', '--database-url', unreachable], { env })).stderr).toContain('ada@127.0.0.1:1/app')
    expect((await athena(['ping'], { env })).stderr).toContain('127.0.0.1:2/b')
    expect((await athena(['ping'], { env: { ...env, DATABASE_URL: '' } })).stderr).toContain('127.0.0.1:3/c')
  })

  test('an empty --database-url is refused, not taken for the embedded database', async () => {
    expect(await athena(['ping', '--database-url', ''])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('malformed_url'),
    })
  })

  test('a password is in no output', async () => {
    const { stdout, stderr } = await athena(['ping', '--database-url', unreachable])
    expect(stdout + stderr).not.toContain('secret')
  })
})

test('a reader that leaves early is no error', async () => {
  const child = startAthena(['--help'])
  child.stdout.destroy()
  expect(await outcome(child)).toMatchObject({ status: 0, stderr: '' })
})

test('without a database given, the embedded one is used, and where it lives is said on stderr alone', async () => {
  const cwd = temporaryFolder()
  const { status, stdout, stderr } = await athena(['ping', '--json'], { cwd })
  expect(status).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ location: join(cwd, '.athena/data'), server: { embedded: true } })
  expect(stderr).toBe(
    'creating the embedded database: a few seconds, once\nusing the embedded database in .athena/data (--database-url URL takes a server)\nnext: athena migrate up\n',
  )
})

import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { adapted, provePgbouncer } from '../../src/prove/prove-pgbouncer.ts'

const ini = (line = ''): string => `[databases]
app = host=127.0.0.1 port=5432 dbname=app
[pgbouncer]
listen_addr = 0.0.0.0
listen_port = 6432
auth_file = /etc/pgbouncer/userlist.txt
pool_mode = transaction
client_tls_sslmode = require
client_tls_key_file = /etc/ssl/server.key
${line}
`
// Debian keeps it in a folder that is in root's PATH only.
const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` }
const isThere = spawnSync('pgbouncer', ['--version'], { env }).status === 0 || process.env.ATHENA_REQUIRE_SERVER === '1'

test('where there is no PgBouncer nothing is proved, and that is said', async () => {
  expect(await provePgbouncer(ini(), '', { PATH: '/nowhere' }, [])).toEqual({
    verdict: 'not proved',
    messages: ['there is no pgbouncer on this machine'],
  })
})

test('it opens no port and reads no file of the machine, and nothing else is changed', () => {
  expect(adapted(ini('max_client_conn = 500'), '/scratch').split('\n')).toEqual([
    '[databases]',
    'app = host=127.0.0.1 port=5432 dbname=app',
    '[pgbouncer]',
    'listen_addr =',
    'unix_socket_dir = /scratch',
    'auth_file = /scratch/userlist.txt',
    'listen_port = 6432',
    'pool_mode = transaction',
    'max_client_conn = 500',
    '',
  ])
})

describe.runIf(isThere)('PgBouncer', () => {
  test('accepts what it knows, and is stopped', async () => {
    expect(await provePgbouncer(ini(), '"app" "secret"\n', env)).toMatchObject({ verdict: 'accepted', messages: [] })
  })

  test.each([
    ['a name that it does not have', 'max_idle = 3', /unknown parameter: .*max_idle/],
    ['a comment behind a value', 'pool_mode = session # for now', /invalid value "session # for now"/],
    ['a word in place of a number', 'default_pool_size = many', /invalid value "many"/],
  ])('refuses %s in its own words', async (_, line, words) => {
    const { verdict, messages } = await provePgbouncer(ini(line), '', env)
    expect(verdict).toBe('refused')
    expect(messages.join('\n')).toMatch(words)
    expect(messages.join('\n')).not.toContain('/tmp')
  })
})

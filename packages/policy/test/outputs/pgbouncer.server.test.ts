import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { render } from '@athena-pg/policy'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { onEachEngine, type TestDatabase } from '../../../../test/engines.ts'
import { temporaryFolder } from '../../../../test/packages.ts'
import { eventually } from '../../../../test/waiting.ts'
import { freePort, hasPgbouncer, runPgbouncer } from '../../../database/test/pgbouncer.ts'
import { recommended } from './any-facts.ts'

const recommendation = recommended({ workload: { connections: 20, active: 5, pooled: true } })
const role = `athena_pooled_${randomBytes(4).toString('hex')}`

onEachEngine('pgbouncer.ini as rendered', (engine) => {
  let made: TestDatabase
  let owner: pg.Client
  let port: number
  let stop: (() => Promise<void>) | undefined

  beforeAll(async () => {
    if (!hasPgbouncer || engine.kind !== 'server') return
    made = await engine.create()
    owner = new pg.Client({ connectionString: made.url })
    await owner.connect()
    await owner.query(`CREATE ROLE ${role} LOGIN PASSWORD 'open sesame'`)
    port = await freePort()
    const { hostname, port: serverPort, pathname } = new URL(made.url as string)
    const [ini, userlist] = render(recommendation, 'pgbouncer.ini')
    const folder = temporaryFolder()
    const changed = (ini?.content ?? '')
      .replaceAll(
        'host=127.0.0.1 port=5432 dbname=athena',
        `host=${hostname} port=${serverPort} dbname=${pathname.slice(1)}`,
      )
      .replace('listen_port = 6432', `listen_port = ${port}\nunix_socket_dir =`)
      .replace('auth_file = userlist.txt', `auth_file = ${join(folder, 'userlist.txt')}`)
    writeFileSync(join(folder, 'pgbouncer.ini'), changed)
    // The query that the template tells.
    const query = /-c "(SELECT .*)" >>userlist.txt/
      .exec(userlist?.content ?? '')?.[1]
      ?.replaceAll('\\"', '"')
      .replace("'athena'", `'${role}'`)
    const { rows } = await owner.query({ text: query ?? '', rowMode: 'array' })
    writeFileSync(join(folder, 'userlist.txt'), `${userlist?.content}${rows[0]?.[0]}\n`)
    stop = await runPgbouncer(join(folder, 'pgbouncer.ini'), port)
  })
  afterAll(async () => {
    await stop?.()
    await owner?.query(`DROP ROLE ${role}`)
    await owner?.end()
    await made?.drop()
  })

  async function client(database: string, password = 'open sesame'): Promise<pg.Client> {
    const each = new pg.Client({ host: '127.0.0.1', port, user: role, password, database })
    await each.connect()
    return each
  }
  /** Server connections in a transaction; the alias for sessions may keep idle ones beside them. */
  async function busy(): Promise<number> {
    const { rows } = await owner.query(
      'SELECT count(*)::int AS count FROM pg_stat_activity WHERE usename = $1 AND xact_start IS NOT NULL',
      [role],
    )
    return rows[0].count
  }

  // CI installs pgbouncer; elsewhere these show as skipped.
  test.runIf(hasPgbouncer)('lets in by SCRAM, to transactions and to sessions', async () => {
    const [pooled, session] = [await client('athena'), await client('athena_session')]
    expect((await pooled.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
    await session.query(`SET work_mem = '5MB'`)
    expect((await session.query('SHOW work_mem')).rows).toEqual([{ work_mem: '5MB' }])
    await Promise.all([pooled.end(), session.end()])
    await expect(client('athena', 'open barley')).rejects.toThrow()
  })

  test.runIf(hasPgbouncer)('opens no more server connections than it is said to', async () => {
    const { poolSize = 0, reserve = 0 } = recommendation.pools.pooler ?? {}
    const most = poolSize + reserve
    const clients = await Promise.all(Array.from({ length: most + 3 }, () => client('athena')))
    const held = new Set<pg.Client>()
    const begun = clients.map(async (each) => {
      await each.query('BEGIN')
      held.add(each)
    })
    await eventually('all the connections there may be', async () => held.size === most)
    expect(await busy()).toBe(most)
    // Whoever waits gets one as soon as another is done.
    for (const each of [...held]) await each.query('ROLLBACK')
    await Promise.all(begun)
    expect(held.size).toBe(most + 3)
    expect(await busy()).toBe(3)
    await Promise.all(clients.map((each) => each.end()))
  })
})

import type pg from 'pg'
import { expect, test } from 'vitest'
import { onEachEngine } from '../../../test/engines.ts'
import { freshDatabase } from '../../../test/fresh-database.ts'
import { everything, ledgerNames, migrate, packagesOf, query } from '../../../test/migrating.ts'
import { migration } from '../../../test/packages.ts'
import { refusal } from '../../../test/refusals.ts'
import { eventually } from '../../../test/waiting.ts'
import type { Blocker, PlanEvents } from '../src/index.ts'

const first = {
  '20260101000000_create': migration(
    'CREATE SCHEMA shop; CREATE TABLE shop.orders (id int); INSERT INTO shop.orders VALUES (1);',
  ),
}
const alter = 'ALTER TABLE shop.orders ADD COLUMN note text;'
const functions = {
  touch: `CREATE OR REPLACE FUNCTION shop.touch () RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;\n${alter}`,
}

onEachEngine('whoever holds a lock that a run needs', (engine) => {
  const db = freshDatabase(engine)

  async function holding(sql: string): Promise<{ client: pg.Client; pid: number }> {
    const client = await db().database.open('spec holder')
    await client.query(`BEGIN; ${sql}`)
    return { client, pid: (await client.query('SELECT pg_backend_pid() AS pid')).rows[0].pid }
  }

  const second = (up: string, head = '') =>
    packagesOf({ shop: { migrations: { ...first, '20260102000000_alter': migration(up, '', head) } } })

  test.each([
    ['a migration in its transaction', alter, '', undefined],
    ['a statement outside a transaction', alter, '--! no-transaction', undefined],
    [
      'a concurrent build, which does not time out',
      'CREATE INDEX CONCURRENTLY i ON shop.orders (id);',
      '--! no-transaction',
      undefined,
    ],
    ['a function', '', '', functions],
  ])('is told by pid, program, state, age and statement while it waits: %s', async (_, up, head, repeatable) => {
    const { database } = db()
    await migrate(database, packagesOf({ shop: { migrations: first } }))
    const holder = await holding('UPDATE shop.orders\n  SET id = 2')
    const told: Blocker[] = []
    const blocked: PlanEvents['blocked'] = ({ blockers }) => told.push(...blockers)
    const packages = packagesOf({
      shop: {
        migrations: { ...first, ...(up !== '' && { '20260102000000_alter': migration(up, '', head) }) },
        ...(repeatable && { functions: repeatable }),
      },
    })
    const run = migrate(database, packages, {}, { blocked })
    await eventually('the holder to be told', async () => told.some(({ pid }) => pid === holder.pid))
    await holder.client.query('COMMIT')
    expect(await run).toHaveLength(1)
    await holder.client.end()
    const one = told.find(({ pid }) => pid === holder.pid)
    expect(one).toMatchObject({ application: 'athena spec holder', state: 'idle in transaction' })
    expect(one?.age).toBeGreaterThanOrEqual(0)
    expect(one?.query).toMatch(/^(BEGIN; UPDATE shop\.orders SET id = 2|SELECT pg_backend_pid)/)
  })

  test('for ever is named in the error after the last try, with the way to end it, and nothing is done', async () => {
    const { database } = db()
    await migrate(database, packagesOf({ shop: { migrations: first } }))
    const before = await everything(database)
    const holder = await holding('LOCK TABLE shop.orders')
    const tries: number[] = []
    const patience = { lockTimeout: '3s', retries: 1 }
    const retry: PlanEvents['retry'] = ({ attempt }) => tries.push(attempt)
    const run = () => migrate(database, second(alter), {}, { retry }, { patience })
    const error = await refusal(run)
    expect(tries).toEqual([1])
    expect(error.code).toBe('migration_failed')
    expect(error.detail).toContain('canceling statement due to lock timeout (55P03)')
    expect(error.detail).toContain(
      `held by pid ${holder.pid} (athena spec holder, idle in transaction, transaction open for`,
    )
    expect(error.hint).toContain(`SELECT pg_terminate_backend(${holder.pid});`)
    expect(error.hint).toContain('Nothing of this migration was applied')
    // What the hint says does help.
    const ended = new Promise((resolve) => holder.client.once('end', resolve))
    expect(await everything(database)).toBe(before)
    await query(database, /SELECT pg_terminate_backend\(\d+\);/.exec(error.hint ?? '')?.[0] ?? '')
    await ended
    expect(await run()).toHaveLength(1)
    expect(await ledgerNames(database)).toHaveLength(2)
  })

  test('is the session at the head of the queue, before those that wait behind it', async () => {
    const { database } = db()
    await migrate(database, packagesOf({ shop: { migrations: first } }))
    const holder = await holding('SELECT FROM shop.orders')
    const waiting = await database.open('spec waiting')
    const locked = waiting.query('BEGIN; LOCK TABLE shop.orders')
    await eventually(
      'it to wait',
      async () => (await query(database, 'SELECT FROM pg_locks WHERE NOT granted')).length > 0,
    )
    const patience = { lockTimeout: '10s', retries: 0 }
    const error = await refusal(() => migrate(database, second(alter), {}, {}, { patience }))
    expect(error.hint).toContain(`pg_terminate_backend(${holder.pid})`)
    expect(error.detail?.match(/pid \d+/g)).toHaveLength(2)
    await holder.client.query('COMMIT')
    await locked
    await Promise.all([holder.client.end(), waiting.end()])
  })

  test('may be nobody any more: a prepared transaction or one that this role may not see is told as far as it is known', async () => {
    const { describeBlocker } = await import('../src/index.ts')
    expect(describeBlocker({ pid: 0, application: 'prepared transaction', state: null, age: null, query: '' })).toBe(
      'a prepared transaction (see pg_prepared_xacts)',
    )
    expect(
      describeBlocker({ pid: 7, application: 'psql', state: null, age: null, query: '<insufficient privilege>' }),
    ).toBe('pid 7 (psql): <insufficient privilege>')
  })

  test('is waited for by all statements of a transaction together no longer than one lock_timeout', async () => {
    const { database } = db()
    await migrate(database, packagesOf({ shop: { migrations: first } }))
    await query(database, 'CREATE TABLE shop.waits (setting text)')
    const note = "INSERT INTO shop.waits VALUES (current_setting('lock_timeout'));"
    const up = `${note} SELECT pg_sleep(0.2); ${note} SELECT pg_sleep(1); ${note}`
    await migrate(database, second(up))
    const [before, after, late] = (await query<{ setting: string }>(database, 'SELECT setting FROM shop.waits')).map(
      ({ setting }) => Number(setting.replace('ms', '')),
    )
    expect(before).toBe(500)
    expect(after).toBeLessThanOrEqual(300)
    expect(late).toBe(100)
    expect(await query(database, "SELECT current_setting('lock_timeout')")).toEqual([{ current_setting: '0' }])
  })

  test('holds nothing of ours between tries', async () => {
    const { database } = db()
    await migrate(database, packagesOf({ shop: { migrations: first } }))
    await query(database, 'CREATE TABLE shop.free ()')
    const holder = await holding('LOCK TABLE shop.orders')
    const held: unknown[] = []
    const asked: Promise<unknown>[] = []
    const retry: PlanEvents['retry'] = () => {
      const locks = query(
        database,
        `SELECT l.relation::regclass FROM pg_locks l JOIN pg_stat_activity a USING (pid)
          WHERE a.datname = current_database() AND a.application_name = 'athena migrate up' AND l.locktype = 'relation'`,
      )
      asked.push(locks.then((rows) => held.push(...rows)).then(() => holder.client.query('COMMIT')))
    }
    await migrate(database, second(`ALTER TABLE shop.free ADD COLUMN a int; ${alter}`), {}, { retry })
    await Promise.all(asked)
    expect(asked.length).toBeGreaterThan(0)
    expect(held).toEqual([])
    await holder.client.end()
  })
})

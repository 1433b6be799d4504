import { once } from 'node:events'
import { type AddressInfo, connect as connectSocket, createServer } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { onEachEngine, type TestDatabase } from '../../../test/engines.ts'
import { connect } from '../src/connect.ts'

onEachEngine('a connection', (engine) => {
  let db: TestDatabase

  beforeAll(async () => {
    db = await engine.create()
  })
  afterAll(() => db.drop())

  const changed = (change: Partial<URL>) => Object.assign(new URL(db.url as string), change).href
  const opening = async (url: string) => (await connect({ url })).open('spec')

  test('says on the server what it is for, and to people where it goes', async () => {
    const client = await db.database.open('spec')
    const { rows } = await client.query(`SELECT application_name FROM pg_stat_activity WHERE pid = pg_backend_pid()`)
    expect(rows).toEqual([{ application_name: 'athena spec' }])
    await client.end()
    const { username, host, pathname } = new URL(db.url as string)
    expect(db.database.location).toBe(`${username}@${host}${pathname}`)
  })

  test('takes its server from the PG* variables', async () => {
    const { username, password, hostname, port, pathname } = new URL(db.url as string)
    const env = {
      PGHOST: hostname,
      PGPORT: port,
      PGUSER: username,
      PGPASSWORD: password,
      PGDATABASE: pathname.slice(1),
    }
    const database = await connect({ env })
    const client = await database.open('spec')
    expect((await client.query('SELECT current_database()')).rows).toEqual([{ current_database: pathname.slice(1) }])
    await database.close()
  })

  test('with a wrong password is refused', async () => {
    await expect(opening(changed({ password: 'wrong-secret' }))).rejects.toMatchObject({
      code: 'wrong_password',
      message: 'the server refused the password of postgres',
      detail: expect.not.stringContaining('wrong-secret'),
      hint: expect.stringContaining('PGPASSWORD'),
    })
  })

  test('without a password is told that one is wanted', async () => {
    const url = changed({ password: '', search: '?passfile=/nowhere' })
    await expect(opening(url)).rejects.toMatchObject({ code: 'password_missing' })
  })

  test('that is refused is hung up: the server would wait a minute for the password', async () => {
    const { hostname, port } = new URL(db.url as string)
    let open = 0
    const front = createServer((socket) => {
      open += 1
      socket.on('error', () => {}).on('close', () => (open -= 1))
      socket.pipe(connectSocket(Number(port), hostname)).pipe(socket)
    }).listen(0, '127.0.0.1')
    await once(front, 'listening')
    const { port: listening } = front.address() as AddressInfo
    const url = changed({ hostname: '127.0.0.1', port: String(listening), password: '', search: '?passfile=/nowhere' })
    await expect(opening(url)).rejects.toMatchObject({ code: 'password_missing' })
    await expect.poll(() => open).toBe(0)
    front.close()
  })

  test('to a database that is not there is told how to create it', async () => {
    await expect(opening(changed({ pathname: '/nowhere' }))).rejects.toMatchObject({
      code: 'database_missing',
      hint: expect.stringMatching(/createdb .* nowhere$/),
    })
  })

  test('to a port where nothing listens is refused with its place', async () => {
    await expect(opening(changed({ hostname: 'localhost', port: '1' }))).rejects.toMatchObject({
      code: 'server_unreachable',
      detail: expect.stringMatching(/^postgres@localhost:1\/\S+: connect ECONNREFUSED/),
    })
  })

  test('to something that never answers ends after connect_timeout', async () => {
    const silent = createServer().listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const { port } = silent.address() as AddressInfo
    const url = changed({ hostname: '127.0.0.1', port: String(port), search: '?connect_timeout=1' })
    await expect(opening(url)).rejects.toMatchObject({
      code: 'server_unreachable',
      hint: expect.stringContaining('within 1 s'),
    })
    silent.close()
  })

  test('to a server with no connection left is told so', async () => {
    const client = await db.database.open('spec')
    await client.query(`CREATE ROLE spec_one_connection LOGIN PASSWORD 'word' CONNECTION LIMIT 0`)
    const url = changed({ username: 'spec_one_connection', password: 'word' })
    await expect(opening(url)).rejects.toMatchObject({ code: 'too_many_connections' })
    await client.query('DROP ROLE spec_one_connection')
    await client.end()
  })

  test('that is dropped while idle harms only the next query', async () => {
    const [one, other] = await Promise.all([db.database.open('spec'), db.database.open('spec')])
    const { rows } = await one.query('SELECT pg_backend_pid() AS pid')
    await other.query('SELECT pg_terminate_backend($1)', [rows[0].pid])
    await new Promise((resolve) => setTimeout(resolve, 200))
    await expect(one.query('SELECT 1')).rejects.toThrow(/not queryable/)
    await other.end()
  })

  test('that is closed in mid-statement stops the statement on the server', async () => {
    const database = await connect({ url: db.url })
    const client = await database.open('spec long')
    const sleeping = client.query('SELECT pg_sleep(60)').catch((error: Error) => error.message)
    const observer = await db.database.open('spec')
    const active = async () =>
      (
        await observer.query(
          `SELECT FROM pg_stat_activity WHERE application_name = 'athena spec long' AND state = 'active'`,
        )
      ).rowCount
    while ((await active()) === 0);
    await database.close()
    expect(await sleeping).toMatch(/canceling statement|terminated/)
    await expect.poll(active).toBe(0)
    await observer.end()
  })
})

import { afterAll, beforeAll, expect, test } from 'vitest'
import { onEachEngine, type TestDatabase } from '../../../test/engines.ts'
import { connect } from '../src/connect.ts'
import { describe as describeServer } from '../src/describe.ts'

onEachEngine('a description', (engine) => {
  let db: TestDatabase

  beforeAll(async () => {
    db = await engine.create()
  })
  afterAll(() => db.drop())

  test('says what the server is', async () => {
    const client = await db.database.open('spec')
    const { rows } = await client.query(
      `SELECT current_setting('server_version_num')::int AS version, current_database()::text AS database`,
    )
    expect(await describeServer(client)).toMatchObject({
      ...rows[0],
      versionText: expect.stringMatching(/^1\d\.\d/),
      embedded: engine.kind === 'embedded',
      managed: undefined,
      user: 'postgres',
      superuser: true,
      inRecovery: false,
      readOnly: false,
      encoding: 'UTF8',
      tls: undefined,
      size: expect.any(Number),
      maxConnections: expect.any(Number),
      citus: undefined,
    })
    await client.end()
  })

  test('finds pgvector where it is, and who may create it', async () => {
    const client = await db.database.open('spec')
    const before = (await describeServer(client)).pgvector
    expect(before).toMatchObject({ installed: undefined, schema: undefined, creatable: true })
    await client.query('CREATE SCHEMA extensions; CREATE EXTENSION vector SCHEMA extensions')
    const after = (await describeServer(client)).pgvector
    expect(after).toMatchObject({ installed: before.available, schema: 'extensions' })
    await client.query('DROP EXTENSION vector; DROP SCHEMA extensions')
    await client.end()
  })

  test.runIf(engine.kind === 'server')('sees a user without rights, and a session that only reads', async () => {
    const client = await db.database.open('spec')
    await client.query(
      `CREATE ROLE spec_reader LOGIN PASSWORD 'word'; ALTER ROLE spec_reader SET default_transaction_read_only TO on`,
    )
    const database = await connect({
      url: Object.assign(new URL(db.url as string), { username: 'spec_reader', password: 'word' }).href,
    })
    const session = await database.open('spec')
    const description = await describeServer(session)
    expect(description).toMatchObject({ user: 'spec_reader', superuser: false, readOnly: true })
    expect(description.pgvector).toMatchObject({ creatable: false })
    await database.close()
    await client.query('DROP ROLE spec_reader')
    await client.end()
  })
})

import { afterAll, beforeAll, expect, test } from 'vitest'
import { onEachEngine, type TestDatabase } from '../../../test/engines.ts'
import { connect } from '../src/connect.ts'
import { certificateFile, startTlsFront } from './tls-front.ts'

onEachEngine('an encrypted connection', (engine) => {
  let db: TestDatabase
  let front: Awaited<ReturnType<typeof startTlsFront>>

  beforeAll(async () => {
    db = await engine.create()
    front = await startTlsFront(db.url as string)
  })
  afterAll(async () => {
    front.stop()
    await db.drop()
  })

  async function opens(hostname: string, port: number | string, search: string): Promise<string> {
    const database = await connect({ url: Object.assign(new URL(db.url as string), { hostname, port, search }).href })
    try {
      await database.open('spec')
      return 'open'
    } finally {
      await database.close()
    }
  }

  test.each([
    ['localhost', 'sslmode=require'],
    ['localhost', `sslmode=verify-full&sslrootcert=${certificateFile}`],
    ['127.0.0.1', `sslmode=verify-ca&sslrootcert=${certificateFile}`],
    ['localhost', 'sslmode=prefer'],
  ])('to %s opens with %s', async (host, search) => {
    expect(await opens(host, front.port, search)).toBe('open')
  })

  test.each([
    ['localhost', 'sslmode=verify-full'],
    ['127.0.0.1', `sslmode=verify-full&sslrootcert=${certificateFile}`],
  ])('to %s is refused with %s, for the certificate does not prove it', async (host, search) => {
    await expect(opens(host, front.port, search)).rejects.toMatchObject({ code: 'certificate_refused' })
  })

  test('is refused by a server without TLS, unless it is only preferred', async () => {
    const { hostname, port } = new URL(db.url as string)
    await expect(opens(hostname, port, 'sslmode=require')).rejects.toMatchObject({ code: 'tls_unsupported' })
    expect(await opens(hostname, port, 'sslmode=prefer')).toBe('open')
  })
})

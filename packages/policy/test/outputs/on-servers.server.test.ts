import { catalogue, extensionCatalogue, render } from '@athena-pg/policy'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasDocker } from '../../../../test/docker.ts'
import { unitOf } from '../../src/catalogue/setting-values.ts'
import { GB } from '../../src/units.ts'
import { recommended } from './any-facts.ts'
import { type OwnServer, startOwnServer } from './own-server.ts'

const images = [
  [17, 'pgvector/pgvector:0.8.0-pg17', '0.8.0'],
  [18, 'pgvector/pgvector:0.8.7-pg18', '0.8.7'],
] as const

describe.runIf(hasDocker()).each(images)('PostgreSQL %i', (version, image, pgvector) => {
  let server: OwnServer
  beforeAll(async () => {
    server = await startOwnServer(image)
  })
  afterAll(() => server?.stop())

  const facts = { version, pgvector, memory: 4 * GB, cpus: 2, listen: '*' } as const
  const small = recommended({ ...facts, workload: { connections: 40 } })

  function psql(sql: string): string {
    return server.run(['psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-f', '-'], sql)
  }
  function alterSystem(recommendation: typeof small): string {
    return render(recommendation, 'alter-system')[0]?.content ?? ''
  }

  test('has every setting as recommended after ALTER SYSTEM and a restart', async () => {
    psql(alterSystem(small))
    await server.restart()
    const { rows: errors } = await server.query('SELECT * FROM pg_file_settings WHERE error IS NOT NULL')
    expect(errors).toEqual([])
    // Those of pgvector show once the session has loaded it.
    server.run(['psql', '-X', '-c', 'CREATE EXTENSION vector'])
    const { rows } = await server.query(
      `SELECT name, setting FROM (SELECT '[1]'::vector) AS loaded, LATERAL (SELECT name, setting FROM pg_settings) AS each`,
    )
    const found = new Map<string, string>(rows.map(({ name, setting }) => [name, setting]))
    for (const { name, value, amount } of small.settings) {
      const entry = catalogue[version][name] ?? extensionCatalogue[name]
      const setting = found.get(name) ?? ''
      const number = Number(setting)
      const meant =
        typeof amount === 'number' && entry ? [amount, number > 0 ? number * unitOf(entry) : number] : [value, setting]
      expect([name, meant[1]]).toEqual([name, meant[0]])
    }
  })

  test('loses what an earlier recommendation set and this one does not', async () => {
    psql(alterSystem(recommended({ ...facts, workload: { kind: 'dw', connections: 20 } })))
    psql(alterSystem(small))
    const { rows } = await server.query(
      `SELECT name FROM pg_file_settings WHERE sourcefile LIKE '%postgresql.auto.conf' ORDER BY name`,
    )
    expect(rows.map(({ name }) => name)).toEqual(small.settings.map(({ name }) => name).sort())
  })

  test('refuses the statements inside a transaction, as they say', () => {
    expect(() => server.run(['psql', '-X', '-1', '-v', 'ON_ERROR_STOP=1', '-f', '-'], alterSystem(small))).toThrow(
      /ALTER SYSTEM cannot run inside a transaction block/,
    )
  })

  test('reads pg_hba.conf without an error, and lets in whoever knows the password', async () => {
    const hba = render(recommended({ ...facts, workload: { connections: 40, replicas: 1 } }), 'pg_hba.conf')[0]?.content
    server.run(['sh', '-c', 'cat >"$PGDATA/pg_hba.conf"'], hba)
    const { rows } = await server.query('SELECT error, auth_method FROM pg_hba_file_rules')
    expect(rows.length).toBeGreaterThan(8)
    expect(rows.filter(({ error }) => error !== null)).toEqual([])
    psql('SELECT pg_reload_conf();')
    expect((await server.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
    await expect(server.query('SELECT 1', 'wrong')).rejects.toThrow(/password authentication failed/)
  })
})

import { randomBytes } from 'node:crypto'
import { connect, type Database } from '@athena-pg/database'
import { afterAll } from 'vitest'
import { administer, type TestDatabase } from './engines.ts'

const made: { server: string; name: string }[] = []
// File level: runs after the databases that the role owns something in are dropped.
afterAll(async () => {
  for (const { server, name } of made.splice(0)) await administer(server, `DROP ROLE IF EXISTS ${name}`)
})

export interface Role {
  name: string
  url: string
  /** The spec's database, connected to as this role. */
  database: Database
}

/** A role of its own that may log in, on a server. */
export async function loginRole({ url = '' }: TestDatabase, attributes = ''): Promise<Role> {
  const server = Object.assign(new URL(url), { pathname: '/postgres' }).href
  const name = `athena_spec_${randomBytes(4).toString('hex')}`
  await administer(server, `CREATE ROLE ${name} LOGIN PASSWORD 'spec' ${attributes}`)
  made.push({ server, name })
  const own = Object.assign(new URL(url), { username: name, password: 'spec' }).href
  return { name, url: own, database: await connect({ url: own }) }
}

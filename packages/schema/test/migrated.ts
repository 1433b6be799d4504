import type pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import type { Engine, TestDatabase } from '../../../test/engines.ts'
import { migrate, withClient } from '../../../test/migrating.ts'
import { realPackages } from '../../../test/real-packages.ts'

/** What a suite's database is made with. */
export interface Migration {
  /** Of `@athena-pg/<name>`; what they depend on must be among them. */
  packages: readonly string[]
  variables?: Record<string, string>
  /** SQL that runs before the first migration. */
  before?: string
}

export interface Migrated {
  /** The suite's session; each test has a transaction of its own in it, which is rolled back. */
  client(): pg.Client
  database(): TestDatabase['database']
}

/** Migrates one database for all tests of a suite. */
export function migrated(engine: Engine, { packages, variables = {}, before = 'SELECT 1' }: Migration): Migrated {
  let made: TestDatabase
  let session: pg.Client
  beforeAll(async () => {
    made = await engine.create()
    await withClient(made.database, async (client) => {
      session = client
      await client.query(before)
    })
    await migrate(made.database, only(packages), { variables })
  })
  beforeEach(async () => {
    await session.query('BEGIN')
  })
  afterEach(async () => {
    await session.query('ROLLBACK')
  })
  afterAll(() => made?.drop())
  return { client: () => session, database: () => made.database }
}

/** These packages of ours. */
export function only(names: readonly string[]): ReturnType<typeof realPackages> {
  return realPackages().filter(({ name }) => names.includes(name.replace('@athena-pg/', '')))
}

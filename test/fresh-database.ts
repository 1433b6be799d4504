import { afterAll, beforeAll, beforeEach } from 'vitest'
import type { Engine, TestDatabase } from './engines.ts'
import { query } from './migrating.ts'

/** One database for all tests of a suite, emptied before each: faster than one for each. */
export function freshDatabase(engine: Engine): () => TestDatabase {
  let current: TestDatabase | undefined
  beforeAll(async () => {
    current = await engine.create()
  })
  beforeEach(() => empty((current as TestDatabase).database))
  afterAll(() => current?.drop())
  return () => current as TestDatabase
}

/** Drops all that a spec may have made. On the embedded database the session outlives its client, so settings go as well. */
export async function empty(database: TestDatabase['database']): Promise<void> {
  // What a failed test left open would block the next one.
  await query(
    database,
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
  )
  await query(database, 'RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL; DISCARD TEMP')
  await query(database, 'DROP EXTENSION IF EXISTS vector CASCADE')
  const schemas = await query<{ name: string }>(
    database,
    "SELECT quote_ident(nspname) AS name FROM pg_namespace WHERE nspname !~ '^pg_|^information_schema$'",
  )
  // One at a time: each dropped table takes a lock that is kept to the end of its transaction.
  for (const { name } of schemas) await query(database, `DROP SCHEMA ${name} CASCADE`)
  await query(database, 'CREATE SCHEMA public; GRANT USAGE ON SCHEMA public TO PUBLIC')
}

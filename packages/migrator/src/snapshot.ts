import type pg from 'pg'
import { catalogueRows, textOf } from './catalogue.ts'
import { objectsOf } from './catalogue-objects.ts'
import type { Objects } from './compare-objects.ts'

/** All that migrations may have made, wherever it lives. */
export interface Snapshot {
  text: string
  objects: Objects
}

/**
 * Every schema but PostgreSQL's own and the ledger's. A schema in which an extension lives is no object of the snapshot, though
 * what else is in it is: the extension stays when everything goes down. Nor is public, which every database has.
 */
export async function snapshot(client: pg.ClientBase): Promise<Snapshot> {
  const { rows: schemas } = await client.query<{ name: string; quoted: string; holdsExtension: boolean }>(
    `SELECT nspname AS name, quote_ident(nspname) AS quoted, EXISTS (SELECT FROM pg_extension e WHERE e.extnamespace = n.oid) AS "holdsExtension"
       FROM pg_namespace n
      WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'athena_migrations')`,
  )
  const given = schemas
    .filter(({ name, holdsExtension }) => name === 'public' || holdsExtension)
    .map(({ quoted }) => quoted)
  const rows = await catalogueRows(
    client,
    schemas.map(({ name }) => name),
  )
  const kept = rows.filter(({ rank, name }) => rank !== 10 || !given.includes(name))
  return { text: textOf(kept), objects: objectsOf(kept) }
}

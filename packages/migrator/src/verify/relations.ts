import type pg from 'pg'

export interface Relation {
  /** Quoted and qualified. */
  name: string
  isIndex: boolean
  /** Number of its file; null where it has none, as a partitioned table. */
  file: string | null
}

/** Tables, views and indexes that are not PostgreSQL's or the ledger's, by object id. */
export async function relationsNow(client: pg.ClientBase): Promise<Map<string, Relation>> {
  const { rows } = await client.query<Relation & { oid: string }>(
    `SELECT c.oid::text, format('%I.%I', n.nspname, c.relname) AS name, c.relkind IN ('i', 'I') AS "isIndex",
            pg_relation_filenode(c.oid)::text AS file
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p', 'm', 'v', 'f', 'i', 'I')
        AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'athena_migrations')`,
  )
  return new Map(rows.map(({ oid, ...relation }) => [oid, relation]))
}

/** Object ids of tables that lie in another file now. */
export function rewritten(before: ReadonlyMap<string, Relation>, after: ReadonlyMap<string, Relation>): Set<string> {
  const changed = [...before].filter(([oid, { isIndex, file }]) => {
    const now = after.get(oid)
    return !isIndex && file !== null && now !== undefined && now.file !== file
  })
  return new Set(changed.map(([oid]) => oid))
}

import type pg from 'pg'

export interface Schema {
  name: string
  /** As the catalogue prints it. */
  quoted: string
  /** Public, or where an extension lives: packages did not make it alone, and it stays when they go down. */
  isShared: boolean
}

/** Every schema but PostgreSQL's own and the ledger's. */
export async function schemasOf(client: pg.ClientBase): Promise<Schema[]> {
  const { rows } = await client.query<Schema>(
    `SELECT nspname AS name, quote_ident(nspname) AS quoted,
            nspname = 'public' OR EXISTS (SELECT FROM pg_extension e WHERE e.extnamespace = n.oid) AS "isShared"
       FROM pg_namespace n
      WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'athena_migrations')`,
  )
  return rows
}

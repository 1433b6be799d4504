import type pg from 'pg'

/** What is recorded and is not so any more, as far as a few short queries tell. */
export interface Damage {
  /** Recorded functions that the database does not have, by their signature. */
  missingFunctions: readonly string[]
  /** Qualified names of indexes in the schema athena that PostgreSQL does not use. */
  invalidIndexes: readonly string[]
}

/**
 * Read-only. An index that is being built, or that an interrupted run left behind, is no damage: it belongs to a migration
 * which is still pending, and whose next run mends it.
 * @param schemas whose indexes are looked at
 */
export async function findDamage(client: pg.ClientBase, schemas: readonly string[] = ['athena']): Promise<Damage> {
  // With this search_path signatures print as the ledger has them.
  await client.query('BEGIN; SET LOCAL search_path = pg_catalog')
  try {
    const functions = await client.query<{ signature: string }>(missingFunctions)
    const indexes = await client.query<{ name: string }>(invalidIndexes, [schemas])
    return {
      missingFunctions: functions.rows.map(({ signature }) => signature),
      invalidIndexes: indexes.rows.map(({ name }) => name),
    }
  } finally {
    await client.query('ROLLBACK')
  }
}

const missingFunctions = `
SELECT f.signature FROM athena_migrations.functions f
 WHERE NOT EXISTS (SELECT FROM pg_proc p WHERE p.pronamespace <> 'pg_catalog'::regnamespace AND p.oid::regprocedure::text = f.signature)
 ORDER BY f.signature`

// Two signs of a build: the runner's lock, held from its first statement to its last, and for builds by hand the lock that one
// holds on its table. What a build is about is in pg_stat_progress_create_index only for its owner, its pid for everyone.
const invalidIndexes = `
SELECT i.indexrelid::regclass::text AS name
  FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE NOT i.indisvalid AND n.nspname = ANY ($1)
   AND NOT EXISTS (SELECT FROM pg_locks l JOIN pg_stat_progress_create_index b USING (pid) WHERE l.relation = i.indrelid)
   AND NOT EXISTS (
     SELECT FROM pg_locks l
      WHERE l.locktype = 'advisory' AND l.objsubid = 2
        AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND l.classid = (hashtext(current_database())::bigint & 4294967295)::oid
        AND l.objid = (hashtext('athena_migrations work')::bigint & 4294967295)::oid)
   AND NOT EXISTS (
     SELECT FROM athena_migrations.attempts a
      WHERE NOT EXISTS (SELECT FROM athena_migrations.migrations m WHERE m.name = a.name))
 ORDER BY name`

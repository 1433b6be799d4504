import type pg from 'pg'

/** A partition as it is in the live database. */
export interface LivePartition {
  /** Quoted and qualified. */
  name: string
  plainName: string
  schema: string
  isPartitioned: boolean
  /** Indexes of the parent, quoted and qualified, of which this partition has a valid part. */
  validIndexesOf: readonly string[]
}

/** By the name of the partitioned table, quoted and qualified. */
export async function livePartitions(client: pg.ClientBase): Promise<Map<string, LivePartition[]>> {
  const { rows } = await client.query<LivePartition & { parent: string }>(
    `SELECT format('%I.%I', pn.nspname, p.relname) AS parent, format('%I.%I', n.nspname, c.relname) AS name, c.relname AS "plainName",
            n.nspname AS schema, c.relkind = 'p' AS "isPartitioned",
            ARRAY (SELECT format('%I.%I', xn.nspname, x.relname)
                     FROM pg_index i JOIN pg_inherits ih ON ih.inhrelid = i.indexrelid JOIN pg_class x ON x.oid = ih.inhparent
                     JOIN pg_namespace xn ON xn.oid = x.relnamespace
                    WHERE i.indrelid = c.oid AND i.indisvalid) AS "validIndexesOf"
       FROM pg_inherits h JOIN pg_class c ON c.oid = h.inhrelid JOIN pg_namespace n ON n.oid = c.relnamespace
       JOIN pg_class p ON p.oid = h.inhparent JOIN pg_namespace pn ON pn.oid = p.relnamespace
      WHERE c.relispartition AND c.relkind IN ('r', 'p')
      ORDER BY 1, 2`,
  )
  const byParent = new Map<string, LivePartition[]>()
  for (const { parent, ...partition } of rows) byParent.set(parent, [...(byParent.get(parent) ?? []), partition])
  return byParent
}

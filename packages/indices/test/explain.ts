import type pg from 'pg'

interface Node {
  'Node Type': string
  'Index Name'?: string
  'Relation Name'?: string
  Plans?: Node[]
}

export interface Explained {
  /** Indexes that the plan uses; those of partitions under the name of the table's. */
  indexes: string[]
  /** Tables with rows that are read from end to end; partitions of months to come are empty. */
  readWhole: string[]
  /** Whether rows are sorted, and do not come from an index in order. */
  sorts: boolean
}

/** What the planner chooses for a query, at the settings that it comes with. */
export async function explain(client: pg.ClientBase, sql: string): Promise<Explained> {
  const { rows } = await client.query(`EXPLAIN (FORMAT JSON) ${sql}`)
  const flat = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(flat)]
  const nodes = flat(rows[0]['QUERY PLAN'][0].Plan)
  const names = nodes.flatMap((node) => node['Index Name'] ?? [])
  const { rows: parents } = await client.query(
    `SELECT DISTINCT coalesce(p.relname, c.relname)::text AS name FROM pg_class c
       LEFT JOIN pg_inherits i ON i.inhrelid = c.oid LEFT JOIN pg_class p ON p.oid = i.inhparent
      WHERE c.relnamespace = 'athena'::regnamespace AND c.relname = ANY ($1)`,
    [names],
  )
  const read = nodes.flatMap((node) => (node['Node Type'] === 'Seq Scan' ? (node['Relation Name'] ?? []) : []))
  const { rows: whole } = await client.query(
    `SELECT relname::text AS name FROM pg_class WHERE relnamespace = 'athena'::regnamespace AND relname = ANY ($1) AND reltuples > 0`,
    [read],
  )
  return {
    indexes: parents.map(({ name }) => name),
    readWhole: whole.map(({ name }) => name),
    sorts: nodes.some((node) => node['Node Type'].includes('Sort')),
  }
}

import { identifier, literal } from '@athena-pg/database'
import type pg from 'pg'
import { readProgress } from './ledger.ts'
import { readOnly } from './read-batch.ts'
import type { RowUnit, Unit } from './unit.ts'

/** A source table beside what became of it. */
export interface Compared {
  source: string
  target: string
  /** Rows in the source up to the last that was read. */
  sourceRows: number
  /** Rows of the store that came from them. */
  targetRows: number
  rejected: number
  /** Ids that refer to nothing, left out. */
  deadReferences: number
  /** Of hashes of the text, on each side; undefined where no text is copied as it is. */
  checksum?: { source: string; target: string } | undefined
  embeddings?: { source: number; target: number } | undefined
  same: boolean
}

export interface LinksWritten {
  source: string
  target: string
  written: number
  dead: number
}

export interface Verified {
  tables: Compared[]
  links: LinksWritten[]
}

/** Compares counts and content, computed by each database on its own rows. */
export async function verify(
  source: pg.ClientBase,
  target: pg.ClientBase,
  schema: string,
  units: readonly Unit[],
): Promise<Verified> {
  const progress = await readProgress(target)
  const { rows: dead } = await target.query<{ unit: string; dead: string }>(
    'SELECT unit, count(*) AS dead FROM athena_adoption.rejects WHERE NOT is_row GROUP BY unit',
  )
  const deadOf = (unit: Unit): number => Number(dead.find((each) => each.unit === unit.id)?.dead ?? 0)
  const tables: Compared[] = []
  const links: LinksWritten[] = []
  for (const unit of units) {
    const done = progress.get(unit.id)
    if (unit.kind === 'links') {
      if (done) links.push({ source: unit.id, target: targetOf(unit), written: done.written, dead: deadOf(unit) })
      continue
    }
    const { rows: rejects } = await target.query<{ keys: string[] | null }>(
      'SELECT array_agg(DISTINCT old_id) AS keys FROM athena_adoption.rejects WHERE unit = $1 AND is_row',
      [unit.id],
    )
    const rejected = rejects[0]?.keys ?? []
    const theirs = await sourceSide(source, schema, unit, done?.lastKey ?? null, rejected)
    const ours = unit.hasId
      ? await targetSide(target, unit)
      : { rows: done?.written ?? 0, checksum: undefined, embeddings: 0 }
    const checksum =
      unit.compared && ours.checksum !== undefined ? { source: theirs.checksum, target: ours.checksum } : undefined
    const embeddings = unit.embedding === undefined ? undefined : { source: theirs.embeddings, target: ours.embeddings }
    tables.push({
      source: unit.source,
      target: unit.target,
      sourceRows: theirs.rows + rejected.length,
      targetRows: ours.rows,
      rejected: rejected.length,
      deadReferences: deadOf(unit),
      checksum,
      embeddings,
      same:
        theirs.rows === ours.rows && checksum?.source === checksum?.target && embeddings?.source === embeddings?.target,
    })
  }
  return { tables, links }
}

function targetOf({ target, own, other }: { target: string; own?: string | undefined; other: string }): string {
  return own === undefined ? `${target}.${other}` : target
}

interface Side {
  rows: number
  checksum: string
  embeddings: number
}

const sum = (column: string): string => `coalesce(sum(hashtextextended(${column}, 0)::numeric), 0)::text`

async function sourceSide(
  client: pg.ClientBase,
  schema: string,
  unit: RowUnit,
  last: string | null,
  rejected: readonly string[],
): Promise<Side> {
  if (last === null) return { rows: 0, checksum: '0', embeddings: 0 }
  const embeddings =
    unit.embedding === undefined ? '0' : `count(*) FILTER (WHERE t.${identifier(unit.embedding)}::text ~ '[1-9]')`
  const { rows } = await readOnly(client, () =>
    client.query(
      `SELECT count(*) AS rows, ${unit.compared ? sum(`t.${identifier(unit.compared.column)}::text`) : "'0'"} AS checksum,
              ${embeddings} AS embeddings
         FROM ${identifier(schema)}.${identifier(unit.source)} AS t LEFT JOIN unnest($1::text[]) AS r (key) ON r.key = t.${identifier(unit.key)}::text
        WHERE t.${identifier(unit.key)} <= ${literal(last)}::${unit.keyType} AND r.key IS NULL`,
      [rejected],
    ),
  )
  return sideOf(rows[0])
}

async function targetSide(client: pg.ClientBase, unit: RowUnit): Promise<Side> {
  const isProject = unit.target === 'projects'
  const { rows } = await client.query(
    `SELECT count(*) AS rows, ${unit.compared ? sum(`t.${identifier(unit.compared.to)}`) : "'0'"} AS checksum,
            ${unit.embedding === undefined ? '0' : 'count(t.embedding)'} AS embeddings
       FROM athena_adoption.ids i JOIN athena.${identifier(unit.target)} t
         ON ${isProject ? '' : 't.project_id = i.project_id AND '}t.id = i.new_id
      ${unit.target === 'episodic_events' ? 'AND t.happened_at = i.happened_at' : ''}
      WHERE i.source_table = $1`,
    [unit.source],
  )
  return sideOf(rows[0])
}

function sideOf(row: { rows: string; checksum: string; embeddings: string }): Side {
  return { rows: Number(row.rows), checksum: row.checksum, embeddings: Number(row.embeddings) }
}

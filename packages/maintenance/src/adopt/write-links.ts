import { identifier, literal } from '@athena-pg/database'
import type pg from 'pg'
import type { Reject } from './ledger.ts'
import type { SourceRow } from './read-batch.ts'
import type { LinkUnit } from './unit.ts'
import type { Written } from './write-rows.ts'

/**
 * Writes what the ids of a column refer to: links, or a reference within the table. Runs after all rows are there, so that a parent
 * may come after its child, and two may name each other.
 */
export async function writeLinks(client: pg.ClientBase, unit: LinkUnit, rows: readonly SourceRow[]): Promise<Written> {
  const values = [JSON.stringify(rows.map((row) => [row.athena_key, row[unit.column]]))]
  const { rows: dead } = await client.query<{ key: string; value: string; reason: string; code: string }>(
    `${given(unit)}
     SELECT g.key, g.value,
            CASE WHEN other.old_id IS NULL THEN 'reference_missing' WHEN other.project_id <> own.project_id
                 THEN 'reference_to_another_project' ELSE 'reference_to_itself' END AS code,
            CASE WHEN other.old_id IS NULL THEN 'is not there' WHEN other.project_id <> own.project_id
                 THEN 'belongs to another project' ELSE 'is the row itself' END AS reason
       FROM ${joined(unit, 'LEFT JOIN')}
      WHERE other.old_id IS NULL OR NOT (${fits(unit)})`,
    values,
  )
  const rejects: Reject[] = dead.map(({ key, value, code, reason }) => ({
    key,
    column: unit.column,
    value,
    code,
    reason: `${unit.column} ${value} ${reason}`,
    isRow: false,
  }))
  const { rowCount } = await client.query(unit.own === undefined ? update(unit) : insert(unit, unit.own), values)
  if (unit.linkKind === 'supersedes') await client.query(supersede(unit), values)
  return { written: rowCount ?? 0, rejects }
}

function given({ isArray }: LinkUnit): string {
  const each = isArray
    ? 'CROSS JOIN LATERAL (SELECT DISTINCT v FROM unnest((e.value ->> 1)::text[]) AS v) AS i (value)'
    : ''
  return `WITH g AS MATERIALIZED (
      SELECT e.value ->> 0 AS key, ${isArray ? 'i.value' : 'e.value ->> 1'} AS value
        FROM json_array_elements($1::json) AS e (value) ${each})`
}

/** Rows that were rejected have no id, and are reported already. */
function joined(unit: LinkUnit, join: string): string {
  return `g JOIN athena_adoption.ids own ON own.source_table = ${literal(unit.source)} AND own.old_id = g.key
     ${join} athena_adoption.ids other ON other.source_table = ${literal(unit.refers)} AND other.old_id = g.value`
}

function fits({ source, refers, target }: LinkUnit): string {
  const mayBeItself = source !== refers || target === 'code_links'
  return `other.project_id = own.project_id${mayBeItself ? '' : ' AND other.new_id <> own.new_id'}`
}

function insert(unit: LinkUnit, own: string): string {
  const extra = [
    ...(unit.linkKind === undefined ? [] : [['kind', literal(unit.linkKind)] as const]),
    ...(unit.withTime ? [['happened_at', 'own.happened_at'] as const] : []),
  ]
  const into = ['project_id', identifier(own), identifier(unit.other), ...extra.map(([to]) => to)]
  const from = ['own.project_id', 'own.new_id', 'other.new_id', ...extra.map(([, value]) => value)]
  return `${given(unit)}
    INSERT INTO athena.${identifier(unit.target)} (${into.join(', ')})
    SELECT ${from.join(', ')} FROM ${joined(unit, 'JOIN')} WHERE ${fits(unit)} ON CONFLICT DO NOTHING`
}

/** What was superseded says so in its state: one of the rules of the data model. */
function supersede(unit: LinkUnit): string {
  const superseded = unit.own === 'to_memory_id' ? 'own' : 'other'
  return `${given(unit)}
    UPDATE athena.memories AS t SET state = 'superseded'
      FROM ${joined(unit, 'JOIN')}
     WHERE ${fits(unit)} AND (t.project_id, t.id) = (${superseded}.project_id, ${superseded}.new_id) AND t.state <> 'superseded'`
}

function update(unit: LinkUnit): string {
  // What was superseded says so: a check wants it.
  const state = unit.other === 'superseded_by' ? ", status = 'superseded'" : ''
  return `${given(unit)}
    UPDATE athena.${identifier(unit.target)} AS t SET ${identifier(unit.other)} = other.new_id${state}
      FROM ${joined(unit, 'JOIN')}
     WHERE ${fits(unit)} AND (t.project_id, t.id) = (own.project_id, own.new_id)`
}

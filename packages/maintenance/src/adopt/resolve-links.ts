import type { Column } from './catalogues.ts'
import type { ColumnRule, Mapping } from './mapping.ts'
import type { Fault } from './mapping-form.ts'
import type { LinkTable } from './our-tables.ts'
import type { LinkUnit } from './unit.ts'

interface Resolving {
  mapping: Mapping
  faults: Fault[]
}

type Common = Pick<LinkUnit, 'source' | 'key' | 'keyType' | 'checksum'>

/** Ids that become rows of a table of links. */
export function linkUnit(
  resolving: Resolving,
  common: Common,
  path: string,
  column: Column,
  rule: ColumnRule,
  link: LinkTable,
): LinkUnit | undefined {
  const refers = referredTable(resolving, path, rule, link.refers, column)
  if (link.isDirected && !/^[a-z][a-z0-9_]{0,62}$/.test(rule.kind ?? ''))
    resolving.faults.push({ path, text: `${rule.to} needs the "kind" of the links, in lower case with _` })
  if (refers === undefined) return undefined
  // "direction": "from" says that the value stands at the from end, so the row itself stands at the other.
  const isTurned = link.isDirected && rule.direction === 'from'
  return {
    kind: 'links',
    ...common,
    id: `${common.source}.${column.name}`,
    column: column.name,
    isArray: column.type.endsWith('[]'),
    refers,
    target: rule.to,
    own: isTurned ? link.other : link.own,
    other: isTurned ? link.own : link.other,
    linkKind: rule.kind,
    withTime: rule.to === 'memory_events',
  }
}

/** Ids that become a column of the row itself. */
export function referenceUnit(
  resolving: Resolving,
  common: Common,
  path: string,
  column: Column,
  rule: ColumnRule,
  target: string,
  other: string,
): LinkUnit | undefined {
  const refers = referredTable(resolving, path, rule, target, column)
  if (refers === undefined) return undefined
  const id = `${common.source}.${column.name}`
  return { kind: 'links', ...common, id, column: column.name, isArray: false, refers, target, other }
}

/** The source table whose ids a column holds: named, or the only one that becomes that table of ours, or that of its foreign key. */
function referredTable(
  { mapping, faults }: Resolving,
  path: string,
  rule: ColumnRule,
  target: string,
  column: Column,
): string | undefined {
  const candidates = Object.entries(mapping.tables).filter(([, table]) => table?.to === target)
  const names = candidates.map(([name]) => name)
  const named = rule.refers ?? (names.length === 1 ? names[0] : column.refers)
  if (named !== null && named !== undefined && names.includes(named)) return named
  const text =
    names.length === 0
      ? `holds ids of ${target}, and no source table becomes ${target}; map one, or write null`
      : `holds ids of ${target}; say of which source table: "refers": "${names.join('" or "')}"`
  faults.push({ path, text })
  return undefined
}

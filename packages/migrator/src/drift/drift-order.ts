import type { DriftFinding } from './drift.ts'

// What goes away first goes from the outside in, then what comes, from the ground up.
const dropping = [
  'comment',
  'view',
  'trigger',
  'policy',
  'constraint',
  'index',
  'statistics',
  'column',
  'table',
  'function',
]
const creating = [
  'schema',
  'type',
  'sequence',
  'table',
  'partition',
  'options',
  'column',
  'function',
  'constraint',
  'index',
]

/** Sorted so that the SQL of one finding does not stand on that of a later one. */
export function inRunningOrder(findings: readonly DriftFinding[]): DriftFinding[] {
  return findings
    .map((finding, index) => ({ finding, place: placeOf(finding), index }))
    .sort((a, b) => a.place - b.place || a.index - b.index)
    .map(({ finding }) => finding)
}

function placeOf({ state, object, expected }: DriftFinding): number {
  const kind = object.slice(0, object.indexOf(' '))
  if (state === 'unexpected') return position(dropping, kind)
  const isForeign = kind === 'constraint' && / FOREIGN KEY /.test(expected ?? '')
  // A foreign key needs the key that it points to, and that needs its columns.
  return 100 + position(creating, kind) + (isForeign ? 50 : 0)
}

function position(order: readonly string[], kind: string): number {
  const at = order.indexOf(kind)
  return at < 0 ? order.length : at
}

import type { Survey, Verified } from '@athena-pg/maintenance/adopt'
import { asTable } from '../show/as-table.ts'

/** What would be copied, and what would change. */
export function planLines(survey: Survey): string[] {
  const rows = survey.tables.map(({ source, target, rows: all, left }) => [
    source,
    `athena.${target}`,
    String(all),
    String(left),
  ])
  return [...asTable(['source', 'becomes', 'rows', 'to copy'], rows), ...changes(survey)]
}

export function resultLines({ tables, links }: Verified, survey: Survey): string[] {
  const rows = tables.map((each) => [
    each.source,
    `athena.${each.target}`,
    String(each.sourceRows),
    String(each.targetRows),
    String(each.rejected),
    each.checksum === undefined ? '-' : each.checksum.source === each.checksum.target ? 'equal' : 'DIFFERS',
    each.same ? 'yes' : 'NO',
  ])
  const linked = links.map(({ source, target, written, dead }) => [
    source,
    `athena.${target}`,
    String(written),
    String(dead),
  ])
  const dead = tables.filter((each) => each.deadReferences > 0)
  return [
    ...asTable(['source', 'store', 'rows', 'adopted', 'rejected', 'content', 'same'], rows),
    ...(linked.length === 0 ? [] : ['', ...asTable(['references', 'store', 'written', 'dead'], linked)]),
    ...dead.map((each) => `${each.source}: ${each.deadReferences} ids refer to nothing, and were left out`),
    ...changes(survey),
  ]
}

export function leftLines({ left, leftTables }: { left: readonly string[]; leftTables: readonly string[] }): string[] {
  return [
    ...(leftTables.length === 0 ? [] : ['', `not taken over, tables: ${leftTables.join(', ')}`]),
    ...(left.length === 0 ? [] : ['', `not taken over, columns: ${left.join(', ')}`]),
  ]
}

function changes({ words, notes }: Survey): string[] {
  const shown = words
    .slice(0, 20)
    .map(({ column, found, becomes, rows }) => [
      column,
      JSON.stringify(found),
      becomes === null ? '(default)' : becomes,
      String(rows),
    ])
  const more = words.length - shown.length
  return [
    ...notes.map((note) => `note: ${note}`),
    ...(shown.length === 0 ? [] : ['', ...asTable(['words', 'found', 'becomes', 'rows'], shown)]),
    ...(more > 0 ? [`and ${more} more words: --json lists them`] : []),
  ]
}

import type { Difference } from '../catalogue/compare-objects.ts'

/**
 * Leaves out what a store in use differs in by design: partitions made since (months, projects with a partition of their own), and
 * the number of lists of an IVFFlat index, which follows from the rows that were there when it was built.
 */
export function withoutAllowed(differences: readonly Difference[]): Difference[] {
  const invalid = differences
    .filter(({ state, expected, actual }) => state !== 'missing' && (expected ?? actual).kind === 'index')
    .map(({ object }) => object.slice(object.lastIndexOf('.') + 1).replaceAll('"', ''))
  return differences.filter((difference) => {
    const { state, expected, actual } = difference
    if (state === 'unexpected' && actual.kind === 'partition') return false
    // Of an index that is told itself, that partitions lack theirs is no news.
    const lacking = state === 'unexpected' ? / has no valid index for (.*)$/.exec(actual.definition)?.[1] : undefined
    if (lacking !== undefined && invalid.includes(lacking)) return false
    return !(state === 'different' && withoutLists(expected.definition) === withoutLists(actual.definition))
  })
}

function withoutLists(definition: string): string {
  return / USING ivfflat /.test(definition) ? definition.replace(/lists='\d+'/, 'lists') : definition
}

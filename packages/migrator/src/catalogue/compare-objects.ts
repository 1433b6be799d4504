import { type CatalogueObject, keyOf } from './catalogue-objects.ts'

export type Objects = ReadonlyMap<string, CatalogueObject>

/** One object that is not as expected. */
export type Difference =
  | { state: 'missing'; object: string; expected: CatalogueObject; actual?: never }
  | { state: 'unexpected'; object: string; expected?: never; actual: CatalogueObject }
  | { state: 'different'; object: string; expected: CatalogueObject; actual: CatalogueObject }

/**
 * What goes or comes with a larger object (the columns of a table, the comment of a column) is told once, with that. The order of
 * columns does not count: what was dropped can only come back as the last one.
 */
export function compareObjects(expected: Objects, actual: Objects): Difference[] {
  const differences: Difference[] = []
  for (const [object, one] of expected) {
    const other = actual.get(object)
    if (other === undefined) {
      if (one.of === undefined || actual.has(one.of)) differences.push({ state: 'missing', object, expected: one })
    } else if (other.definition !== one.definition) {
      differences.push({ state: 'different', object, expected: one, actual: other })
    }
  }
  for (const [object, one] of actual) {
    if (expected.has(object) || (one.of !== undefined && !expected.has(one.of))) continue
    differences.push({ state: 'unexpected', object, actual: one })
  }
  return differences
}

/** Everything that hangs on an object, directly or further down. */
export function hangingOn(object: CatalogueObject, all: Objects): CatalogueObject[] {
  const key = keyOf(object)
  const direct = [...all.values()].filter(({ of }) => of === key)
  return direct.flatMap((each) => [each, ...hangingOn(each, all)])
}

/** As people read it: `-` is expected and not there, `+` is there and not expected. */
export function differenceLines(difference: Difference): string[] {
  const { state, expected, actual } = difference
  if (state === 'different') return lineDiff(expected.definition, actual.definition)
  return lineDiff(wholeOf(expected), wholeOf(actual))
}

/** What comes or goes is shown with all that it holds. */
export function wholeOf(object: CatalogueObject | undefined): string {
  return object?.whole ?? object?.definition ?? ''
}

/** Lines around a change that are shown with it. */
const context = 2

function lineDiff(before: string, after: string): string[] {
  const from = before === '' ? [] : before.split('\n')
  const to = after === '' ? [] : after.split('\n')
  let start = 0
  while (start < from.length && start < to.length && from[start] === to[start]) start += 1
  let tail = 0
  while (tail < from.length - start && tail < to.length - start && from.at(-1 - tail) === to.at(-1 - tail)) tail += 1
  const lead = from.slice(Math.max(0, start - context), start)
  const trail = from.slice(from.length - tail, from.length - tail + context)
  return [
    ...lead.map((line) => `  ${line}`),
    ...from.slice(start, from.length - tail).map((line) => `- ${line}`),
    ...to.slice(start, to.length - tail).map((line) => `+ ${line}`),
    ...trail.map((line) => `  ${line}`),
  ]
}

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { recordInOrder } from '../src/baseline/baseline-order.ts'
import type { AppliedMigration, Ledger } from '../src/ledger.ts'
import type { MigrationFile } from '../src/package-files.ts'
import type { PlannedMigration } from '../src/plan.ts'

const names = 'abcdefgh'.split('')
const timeline = names.map((id) => ({ id, name: id, checksum: 'x' })) as unknown as MigrationFile[]
const ledgerOf = (ids: readonly string[]): Ledger => ({
  exists: true,
  migrations: ids.map((id) => ({ id }) as AppliedMigration),
  functions: [],
})
const planned = (ids: readonly string[]) =>
  names
    .filter((id) => ids.includes(id))
    .map((id) => ({
      id,
      package: 'p',
      version: '1',
      variables: {},
      file: { name: id, checksum: 'x' },
    })) as unknown as PlannedMigration[]

/** The names in the order of the ledger, as these statements leave them: INSERT and UPDATE … id = DEFAULT both go to the end. */
function after(recorded: readonly string[], sql: readonly string[]): string[] {
  const order = [...recorded]
  for (const statement of sql) {
    const inserted = /INSERT INTO athena_migrations\.migrations [\s\S]*VALUES \('([^']*)'/.exec(statement)?.[1]
    const moved = /UPDATE athena_migrations\.migrations SET id = DEFAULT WHERE name = '([^']*)'/.exec(statement)?.[1]
    if (moved !== undefined) order.splice(order.indexOf(moved), 1)
    if (inserted !== undefined || moved !== undefined) order.push(inserted ?? moved ?? '')
  }
  return order
}

test('whatever rows were lost, the ledger is in the order of the timeline again', () => {
  fc.assert(
    fc.property(fc.subarray(names), (lost) => {
      const recorded = names.filter((id) => !lost.includes(id))
      expect(after(recorded, recordInOrder(ledgerOf(recorded), planned(lost), timeline))).toEqual(names)
    }),
  )
})

test('rows that are there keep their order, late arrivals and other projects among them', () => {
  fc.assert(
    fc.property(fc.shuffledSubarray([...names, 'other', 'another']), (recorded) => {
      const lost = names.filter((id) => !recorded.includes(id))
      const order = after(recorded, recordInOrder(ledgerOf(recorded), planned(lost), timeline))
      expect(order.filter((id) => recorded.includes(id))).toEqual(recorded)
      expect(order.filter((id) => lost.includes(id))).toEqual(lost)
      expect(order).toHaveLength(recorded.length + lost.length)
    }),
  )
})

test('rows before the first new one are not touched', () => {
  expect(recordInOrder(ledgerOf(['a', 'b', 'c']), planned(['d']), timeline).join('\n')).not.toContain('UPDATE')
})

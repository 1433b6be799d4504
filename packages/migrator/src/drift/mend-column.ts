import { identifier } from '@athena-pg/database'
import type { CatalogueObject } from '../catalogue/catalogue-objects.ts'
import { columnShape } from './column-shape.ts'

/** Statements that make a column what it should be; undefined where that needs a hand. */
export function alterColumn(expected: CatalogueObject, actual: CatalogueObject): string[] | undefined {
  const table = tableOf(expected)
  const name = expected.name.slice(table.length + 1)
  const want = columnShape(expected.definition)
  const have = columnShape(actual.definition)
  const alter = (what: string): string => `ALTER TABLE ${table} ALTER COLUMN ${name} ${what};`
  // Its values would have to be computed anew, by a column beside it.
  if (want.generated !== undefined && want.generated !== have.generated) return undefined
  const statements: string[] = []
  if (have.generated !== undefined && want.generated === undefined) statements.push(alter('DROP EXPRESSION'))
  if (have.identity !== undefined && want.identity === undefined) statements.push(alter('DROP IDENTITY'))
  const retyped = want.type !== have.type || want.collation !== have.collation
  if (retyped) {
    // A default of the old type may have no way to the new one.
    if (have.preset !== undefined) statements.push(alter('DROP DEFAULT'))
    const collate = want.collation === undefined ? '' : ` COLLATE ${want.collation}`
    statements.push(alter(`TYPE ${want.type}${collate} USING ${name}::${want.type}`))
  }
  const preset = retyped ? undefined : have.preset
  if (want.preset === undefined && preset !== undefined) statements.push(alter('DROP DEFAULT'))
  if (want.preset !== undefined && want.preset !== preset) statements.push(alter(`SET DEFAULT ${want.preset}`))
  if (want.storage !== have.storage) statements.push(alter(`SET STORAGE ${want.storage ?? 'DEFAULT'}`))
  if (want.notNull && !have.notNull) statements.push(...setNotNull(table, name))
  if (!want.notNull && have.notNull) statements.push(alter('DROP NOT NULL'))
  if (want.identity !== undefined && want.identity !== have.identity) {
    const identity = `GENERATED ${want.identity}`
    statements.push(alter(have.identity === undefined ? `ADD ${identity} AS IDENTITY` : `SET ${identity}`))
  }
  return statements
}

/** By a check that is validated while others read and write: SET NOT NULL believes it and reads no row itself. */
function setNotNull(table: string, column: string): string[] {
  const check = identifier(`${column.replaceAll('"', '')}_is_not_null`.slice(0, 60))
  return [
    `ALTER TABLE ${table} ADD CONSTRAINT ${check} CHECK (${column} IS NOT NULL) NOT VALID;`,
    `ALTER TABLE ${table} VALIDATE CONSTRAINT ${check};`,
    `ALTER TABLE ${table} ALTER COLUMN ${column} SET NOT NULL;`,
    `ALTER TABLE ${table} DROP CONSTRAINT ${check};`,
  ]
}

/** Of what hangs on a table: `table shop.orders` → `shop.orders`. */
export function tableOf({ of = '' }: CatalogueObject): string {
  return of.slice(of.indexOf(' ') + 1)
}

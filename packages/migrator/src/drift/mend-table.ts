import type { CatalogueObject } from '../catalogue/catalogue-objects.ts'
import type { Mend } from './mend.ts'
import { addConstraint } from './mend-constraint.ts'

/** A whole table again, with all that hangs on it. Its rows are gone; foreign keys come last, when all tables are there. */
export function createTable(table: CatalogueObject, hanging: readonly CatalogueObject[]): Mend {
  const isForeign = ({ kind, definition }: CatalogueObject): boolean =>
    kind === 'constraint' && / FOREIGN KEY /.test(definition)
  const inside = hanging.filter((object) => ['column', 'constraint'].includes(object.kind) && !isForeign(object))
  const options = hanging.find(({ kind }) => kind === 'options')
  const elements = inside.map(({ definition }) => `\n  ${definition}`).join(',')
  const head = table.definition.replace(
    /\(\)(.*);$/s,
    (_, by: string) => `(${elements}\n)${by}${options === undefined ? '' : ` ${options.definition}`};`,
  )
  const isMonthly = ({ kind, name }: CatalogueObject): boolean => kind === 'partition' && /_YYYY_MM"?$/.test(name)
  const after = hanging.filter(
    (object) => !inside.includes(object) && object !== options && !isForeign(object) && !isMonthly(object),
  )
  const remark = hanging.some(isMonthly)
    ? 'Its rows are gone: restore them from a backup. Its months: SELECT athena.ensure_partitions(…).'
    : 'Its rows are gone: restore them from a backup.'
  return {
    sql: [head, ...after.map(({ definition }) => definition), ...hanging.filter(isForeign).flatMap(addConstraint)],
    remark,
  }
}

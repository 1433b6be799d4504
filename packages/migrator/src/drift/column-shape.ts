import { masked } from '../catalogue/sql-pieces.ts'

/** A column as the catalogue prints it, in its parts; each as SQL. */
export interface ColumnShape {
  type: string
  storage?: string
  collation?: string
  notNull: boolean
  /** Expression of DEFAULT. */
  preset?: string
  /** `(expression) STORED` or `VIRTUAL` */
  generated?: string
  identity?: 'ALWAYS' | 'BY DEFAULT'
}

const grammar =
  /^(?:"_*"|\S+) (?<type>.+?)(?: STORAGE (?<storage>\w+))?(?: COLLATE (?<collation>\S+))?(?<notNull> NOT NULL)?(?: GENERATED ALWAYS AS (?<generated>\(.*\) (?:STORED|VIRTUAL))| DEFAULT (?<preset>.+?))?(?: GENERATED (?<identity>ALWAYS|BY DEFAULT) AS IDENTITY)?$/ds

export function columnShape(definition: string): ColumnShape {
  const found = grammar.exec(masked(definition))
  const places = found?.indices?.groups ?? {}
  const part = (name: string): string | undefined => {
    const place = places[name]
    return place === undefined ? undefined : definition.slice(place[0], place[1])
  }
  const optional = Object.fromEntries(
    ['storage', 'collation', 'preset', 'generated', 'identity'].flatMap((name) => {
      const value = part(name)
      return value === undefined ? [] : [[name, value]]
    }),
  )
  return { type: part('type') ?? '', notNull: part('notNull') !== undefined, ...optional }
}

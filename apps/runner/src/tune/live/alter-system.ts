import { identifier, literal } from '@athena-pg/database'
import { splitList } from '@athena-pg/policy'
import { isList } from './setting-list.ts'
import { control } from './visible.ts'

/** @param value null takes it out of postgresql.auto.conf */
export function alterSystem(name: string, value: string | null): string {
  const written = /^[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)?$/.test(name)
    ? name
    : name.split('.').map(identifier).join('.')
  if (value === null) return `ALTER SYSTEM RESET ${written}`
  const values = isList(name) ? splitList(value) : [value]
  return `ALTER SYSTEM SET ${written} = ${values.map(quoted).join(', ')}`
}

/** Control characters by their number, since a statement is also shown on a terminal. */
function quoted(value: string): string {
  if (value.search(control) === -1) return literal(value).trim()
  const text = value.replaceAll('\\', '\\\\').replaceAll("'", "''")
  return `E'${text.replace(control, (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`)}'`
}

/** ALTER SYSTEM makes one item without a name of an empty list, which as shared_preload_libraries keeps a server from starting. */
export function canBeWritten(name: string, value: string): boolean {
  if (/[\r\n]/.test(value)) return false
  if (!isList(name)) return true
  const items = splitList(value)
  return items.length > 0 && items.every((item) => item !== '')
}

/** Whether postgresql.auto.conf says the same; null: nothing. */
export function saysSame(name: string, one: string | null, other: string | null): boolean {
  if (one === null || other === null || !isList(name)) return one === other
  return JSON.stringify(splitList(one)) === JSON.stringify(splitList(other))
}

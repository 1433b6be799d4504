import { discover } from '@athena-pg/migrator'
import { defaultPackages } from '../config/config.ts'
import { objectName } from './names.ts'

/** `@acme/notes` gives acme_notes; `tasks`, a table that the store has, gives tasks_notes. */
export function freeTableName(packageName: string): string {
  const name = objectName(packageName)
  const packages = discover({ packages: [...defaultPackages], project: import.meta.dirname })
  const isUsed = packages.some(({ migrations }) => migrations.some(({ text }) => namesIn(text).has(name)))
  return isUsed ? `${name}_notes` : name
}

function namesIn(text: string): Set<string> {
  return new Set([...text.matchAll(/\bathena\.([a-z0-9_]+)/g)].map(([, name = '']) => name))
}

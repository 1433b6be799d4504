import { catalogue } from '@athena-pg/policy'

/** Whether PostgreSQL quotes the items one by one: as one text they would be one item. */
export function isList(name: string): boolean {
  return Object.values(catalogue).some((entries) => entries[name]?.list)
}

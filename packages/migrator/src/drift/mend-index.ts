import { identifier } from '@athena-pg/database'
import type { CatalogueObject } from '../catalogue/catalogue-objects.ts'
import { lastPart, unquoted } from '../catalogue/name-parts.ts'
import { masked } from '../catalogue/sql-pieces.ts'
import { partitionIndexName } from '../concurrent-index/concurrent-index.ts'
import type { LivePartition } from './live-partitions.ts'
import { tableOf } from './mend-column.ts'

/** Statements that build an index without stopping writers; undefined where partitions have partitions themselves. */
export function createIndex(index: CatalogueObject, partitions: readonly LivePartition[]): string[] | undefined {
  const text = validText(index)
  if (index.isPartitioned !== true) return [text.replace(/^CREATE (UNIQUE )?INDEX /, 'CREATE $1INDEX CONCURRENTLY ')]
  const parts = buildPartitions(index, partitions)
  return parts === undefined ? undefined : [text, ...parts]
}

/** The index of each partition that has none, built and attached; PostgreSQL cannot do it for all of them concurrently. */
export function buildPartitions(index: CatalogueObject, partitions: readonly LivePartition[]): string[] | undefined {
  if (partitions.some(({ isPartitioned }) => isPartitioned)) return undefined
  const text = validText(index)
  const suffix = text.slice(masked(text).indexOf(' USING ') + 1)
  const unique = text.startsWith('CREATE UNIQUE') ? 'UNIQUE ' : ''
  return partitions
    .filter(({ validIndexesOf }) => !validIndexesOf.includes(index.name))
    .flatMap(({ name, schema, plainName }) => {
      const own = partitionIndexName(
        unquoted(lastPart(index.name)),
        `"."${unquoted(lastPart(tableOf(index)))}"`,
        plainName,
      )
      const qualified = `${identifier(schema)}.${identifier(own)}`
      return [
        `DROP INDEX CONCURRENTLY IF EXISTS ${qualified};`,
        `CREATE ${unique}INDEX CONCURRENTLY ${identifier(own)} ON ${name} ${suffix}`,
        `ALTER INDEX ${index.name} ATTACH PARTITION ${qualified};`,
      ]
    })
}

export function isInvalid({ definition }: CatalogueObject): boolean {
  return definition.endsWith('; -- INVALID')
}

export function dropIndex({ name, isPartitioned }: CatalogueObject): string {
  return isPartitioned === true ? `DROP INDEX ${name};` : `DROP INDEX CONCURRENTLY ${name};`
}

export function validText({ definition }: CatalogueObject): string {
  return definition.replace(/ -- INVALID$/, '')
}

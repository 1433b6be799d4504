import { fileURLToPath } from 'node:url'
import { discover, type MigrationPackage } from '@athena-pg/migrator'

const runner = fileURLToPath(new URL('../apps/runner/', import.meta.url))
let found: MigrationPackage[] | undefined

/** The packages that `athena migrate up` applies without a configuration. */
export function realPackages(): MigrationPackage[] {
  found ??= discover({
    packages: ['@athena-pg/schema', '@athena-pg/indices', '@athena-pg/partitions'],
    project: runner,
  })
  return found
}

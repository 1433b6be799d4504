// Writes down the checksums of what a new version releases, after `changeset version`: `pnpm released`. From then on a spec refuses
// a change to those files. A package of version 0.0.0 has released nothing.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { discover } from '@athena-pg/migrator'
import { releasedChanges, releasedFile, releasedOf } from '@athena-pg/migrator/verify'
import { defaultPackages } from '../apps/runner/src/config/config.ts'

const root = join(import.meta.dirname, '..')
const packages = discover({ packages: defaultPackages, project: join(root, 'apps/runner') })

const changed = releasedChanges(packages)
for (const { migration, released, checksum } of changed)
  console.error(`${migration} was released with checksum ${released}, and is ${checksum ?? 'gone'} now`)
if (changed.length > 0) process.exit(1)

for (const pack of packages) {
  if (pack.version === '0.0.0' || pack.migrationsFolder === undefined) continue
  const all = {
    ...releasedOf(pack),
    ...Object.fromEntries(pack.migrations.map(({ name, checksum }) => [name, checksum])),
  }
  const sorted = Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)))
  writeFileSync(join(pack.folder, pack.migrationsFolder, releasedFile), `${JSON.stringify(sorted, null, 2)}\n`)
  console.log(`${pack.name} ${pack.version}: ${pack.migrations.length} migrations`)
}

import { basename, join } from 'node:path'
import { changesetConfig, findChangesets, firstChangeset } from './changeset.ts'
import { packageJson, type Versions } from './package-json.ts'
import { readme } from './readme.ts'
import { firstFunction, firstMigration } from './sql-files.ts'
import { testFile } from './test-file.ts'

export interface NewPackage {
  name: string
  /** Where it goes; absolute. */
  folder: string
  /** What its table is called. */
  table: string
  versions: Versions
  now: Date
}

/** Every file by its absolute path; pure but for a look whether the repository around uses changesets. */
export function packageFiles({ name, folder, table, versions, now }: NewPackage): Map<string, string> {
  const around = findChangesets(folder)
  const hasOwnChangesets = around === undefined
  const stamp = now.toISOString().replaceAll(/\D/g, '').slice(0, 14)
  const inside = {
    'package.json': packageJson(name, versions, hasOwnChangesets),
    'README.md': readme(name, table, hasOwnChangesets),
    'athena.config.json': `${JSON.stringify({ packages: [name] }, null, 2)}\n`,
    [`migrations/${stamp}_create_${table}.sql`]: firstMigration(table),
    [`functions/latest_${table}.sql`]: firstFunction(table),
    'test/migrations.test.js': testFile(name, table),
    '.gitignore': 'node_modules/\n.athena/\n',
    ...(hasOwnChangesets && { '.changeset/config.json': changesetConfig() }),
  }
  const changeset = join(around ?? join(folder, '.changeset'), `first-${basename(folder).toLowerCase()}.md`)
  return new Map([
    ...Object.entries(inside).map(([path, text]): [string, string] => [join(folder, path), text]),
    [changeset, firstChangeset(name)],
  ])
}

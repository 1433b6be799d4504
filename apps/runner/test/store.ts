import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Database } from '@athena-pg/database'
import { migrate } from '../../../test/migrating.ts'
import { temporaryFolder } from '../../../test/packages.ts'
import { loadConfig } from '../src/config/config.ts'
import { packagesOf } from '../src/migrations.ts'

/** The store with the packages that come with the runner, for embeddings of three dimensions. */
export async function installStore(database: Database): Promise<void> {
  const packages = packagesOf(loadConfig({ configFile: undefined, project: temporaryFolder() }))
  await migrate(database, packages, { variables: { embedding_dimensions: '3', project_partitions: '2' } })
}

/** A file in a folder of its own. */
export function fileWith(text: string | Uint8Array, name = 'notes.md'): string {
  const file = join(temporaryFolder(), name)
  writeFileSync(file, text)
  return file
}

export function jsonLines(...memories: object[]): string {
  return fileWith(memories.map((memory) => `${JSON.stringify(memory)}\n`).join(''), 'memories.jsonl')
}

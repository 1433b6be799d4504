// Writes what each PostgreSQL knows of its settings: `pnpm catalogue`, after a newer build is pinned. Needs Docker. Twice in a row
// gives no diff; a spec of packages/policy compares the result with the servers.
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { entriesOf } from './catalogue/entries.ts'
import { extensionEntriesOf } from './catalogue/extension-entries.ts'
import { readBare, readRich } from './catalogue/read-all.ts'
import { extensionTable, versionTable } from './catalogue/table.ts'

const root = join(import.meta.dirname, '..')
const folder = join(root, 'packages/policy/src/catalogue')

// A table from fewer servers would be a smaller table, and look like one.
process.env.ATHENA_REQUIRE_SERVER = '1'
const bare = await readBare()
const rich = await readRich()

const written: string[] = []
let before: ReturnType<typeof entriesOf> | undefined
for (const { version, rows } of bare) {
  const entries = entriesOf(version, rows, rich.find((each) => each.version === version)?.rows)
  const release = rows.find(({ name }) => name === 'server_version')?.boot_val ?? ''
  write(`postgres-${version}.ts`, versionTable(version, release, entries, before))
  before = entries
}
write('extensions.ts', extensionTable(extensionEntriesOf([...bare, ...rich].sort((a, b) => a.version - b.version))))

const { status } = spawnSync(join(root, 'node_modules/.bin/biome'), ['check', '--write', ...written], {
  cwd: root,
  stdio: 'inherit',
})
process.exitCode = status ?? 1

function write(file: string, text: string): void {
  writeFileSync(join(folder, file), text)
  written.push(join(folder, file))
}

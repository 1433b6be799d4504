// Compares `athena migrate up` with node-pg-migrate's own CLI on the same files, as whole processes: CPU time, user and system,
// of the process and nothing of the server. Both sides take turns in one run; what counts is the ratio pair by pair.
//
//   pnpm bench:migrate [--database-url URL] [--runs 7]
//
// Without a URL a container of PostgreSQL 18 is started. Databases are made and dropped on that server.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { startServer } from '../test/servers.ts'

interface Side {
  name: string
  command: (folder: string) => string[]
}

const root = join(import.meta.dirname, '..')
const fromMigrator = createRequire(join(root, 'packages/migrator/package.json'))
const other = join(dirname(fromMigrator.resolve('node-pg-migrate/package.json')), 'bin/node-pg-migrate.js')
const ours: Side = { name: 'athena', command: () => [join(root, 'apps/runner/dist/main.js'), 'migrate', 'up'] }
const theirs: Side = {
  name: 'node-pg-migrate',
  command: (folder) => [other, 'up', '-m', join(folder, 'migrations')],
}

const { values } = parseArgs({
  options: { 'database-url': { type: 'string' }, runs: { type: 'string', default: '7' } },
})
const runs = Number(values.runs)
const started = values['database-url'] === undefined ? await startServer('pgvector/pgvector:0.8.7-pg18') : undefined
const server = values['database-url'] ?? started?.url ?? ''

try {
  console.log(`Node ${process.version}, ${runs} pairs, CPU seconds of the whole process: median (min–max)`)
  for (const count of [50, 500]) await compare(count, 'nothing pending', 1.3)
  await compare(500, 'one-table files applied', 2)
} finally {
  await started?.stop()
}

async function compare(
  count: number,
  what: 'nothing pending' | 'one-table files applied',
  limit: number,
): Promise<void> {
  const folder = makeProject(count)
  const isNoOp = what === 'nothing pending'
  const times = new Map<Side, number[]>([
    [ours, []],
    [theirs, []],
  ])
  const databases = { [ours.name]: await freshDatabase(), [theirs.name]: await freshDatabase() }
  if (isNoOp) for (const side of times.keys()) run(side, folder, databases[side.name] ?? '')
  for (let pair = 0; pair < runs; pair += 1) {
    for (const [side, list] of times) {
      if (!isNoOp) databases[side.name] = await freshDatabase(databases[side.name])
      list.push(run(side, folder, databases[side.name] ?? ''))
    }
  }
  const ratios = (times.get(ours) ?? []).map((time, index) => time / (times.get(theirs)?.[index] ?? Number.NaN))
  console.log(`\n${count} files, ${what}`)
  for (const [side, list] of times) console.log(`  ${side.name.padEnd(16)} ${spread(list)}`)
  console.log(`  ratio            ${spread(ratios)}   limit ${limit}`)
  rmSync(folder, { recursive: true })
  for (const url of Object.values(databases)) await dropDatabase(url)
}

function makeProject(count: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'athena-bench-'))
  mkdirSync(join(folder, 'migrations'))
  for (let index = 0; index < count; index += 1) {
    const stamp = new Date(Date.UTC(2026, 0, 1) + index * 1000).toISOString().replaceAll(/\D/g, '').slice(0, 14)
    const table = `bench_${index}`
    const sql = `-- Up Migration\nCREATE TABLE ${table} (id bigint PRIMARY KEY, content text NOT NULL);\n\n-- Down Migration\nDROP TABLE ${table};\n`
    writeFileSync(join(folder, 'migrations', `${stamp}_create_${table}.sql`), sql)
  }
  writeFileSync(join(folder, 'package.json'), '{"name":"bench","type":"module"}')
  writeFileSync(join(folder, 'athena.config.json'), '{"packages":[],"migrations":"./migrations"}')
  return folder
}

/** CPU seconds, as bash's own `time` counts them: Node cannot read the times of its children. */
function run(side: Side, folder: string, url: string): number {
  const script = 'TIMEFORMAT="%U %S"; time "$@" >/dev/null 2>"$LOG"'
  const log = join(folder, 'log')
  const child = spawnSync('bash', ['-c', script, 'bash', process.execPath, ...side.command(folder)], {
    cwd: folder,
    env: { ...process.env, DATABASE_URL: url, LOG: log },
    encoding: 'utf8',
  })
  if (child.status !== 0) throw new Error(`${side.name} failed: see ${log}\n${child.stderr}`)
  const [user = Number.NaN, system = Number.NaN] = child.stderr.trim().split(' ').map(Number)
  return user + system
}

async function freshDatabase(old?: string): Promise<string> {
  if (old !== undefined) await dropDatabase(old)
  const name = `athena_bench_${process.pid}_${Math.random().toString(36).slice(2)}`
  await administer(`CREATE DATABASE ${name}`)
  return Object.assign(new URL(server), { pathname: `/${name}` }).href
}

async function dropDatabase(url: string): Promise<void> {
  await administer(`DROP DATABASE ${new URL(url).pathname.slice(1)} WITH (FORCE)`)
}

async function administer(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: server })
  await client.connect()
  await client.query(sql).finally(() => client.end())
}

function spread(list: readonly number[]): string {
  const sorted = list.toSorted((a, b) => a - b)
  const median = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
  return `${median.toFixed(2)} (${sorted[0]?.toFixed(2)}–${sorted.at(-1)?.toFixed(2)})`
}

// The longest wait that a migration run causes to an application's statements: small reads and writes on memories go on while
// `athena migrate up` applies the indices package and a project's own changes, and a long transaction stands in the way for some
// seconds. Beside it, in the same run, the project's changes by node-pg-migrate's own CLI, as its .sql files can say them.
//
//   pnpm bench:live [--database-url URL] [--runs 3] [--rows 50000] [--clients 6]
//
// Without a URL a container of PostgreSQL 18 is started. Databases are made and dropped on that server.
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { startServer } from '../test/servers.ts'

const root = join(import.meta.dirname, '..')
const fromMigrator = createRequire(join(root, 'packages/migrator/package.json'))
const other = join(dirname(fromMigrator.resolve('node-pg-migrate/package.json')), 'bin/node-pg-migrate.js')
const { values } = parseArgs({
  options: {
    'database-url': { type: 'string' },
    runs: { type: 'string', default: '3' },
    rows: { type: 'string', default: '50000' },
    clients: { type: 'string', default: '6' },
  },
})
const lockTimeout = 500
const projects = 20
/** Seconds in which the first and the second long transaction are open, from the start of the run. */
const blocked = [
  [0, 4],
  [5, 8],
] as const

const alter = {
  '20261122090300_add_note':
    'ALTER TABLE athena.projects ADD COLUMN bench_note text;\nALTER TABLE athena.memories ADD COLUMN bench_note text;\n' +
    "ALTER TABLE athena.memories ALTER COLUMN bench_note SET DEFAULT 'new';",
  '20261122090301_add_constraint':
    'ALTER TABLE athena.memories ADD CONSTRAINT bench_short CHECK (length(bench_note) < 1000) NOT VALID;',
  '20261122090302_validate': 'ALTER TABLE athena.memories VALIDATE CONSTRAINT bench_short;',
}
const ours: Record<string, string> = {
  ...alter,
  '20261122090303_index': 'CREATE INDEX CONCURRENTLY idx_memories_bench ON athena.memories (bench_note, created_at);',
  '20261122090304_fill': `UPDATE athena.memories SET bench_note = 'filled' WHERE (project_id, id) IN
  (SELECT project_id, id FROM athena.memories WHERE bench_note IS NULL LIMIT :batch FOR UPDATE SKIP LOCKED);`,
}
const directives: Record<string, string> = {
  '20261122090303_index': '--! no-transaction\n',
  '20261122090304_fill': '--! batch: 1000, pause: 5ms\n',
}
// Its .sql files know no way out of the transaction, and PostgreSQL no concurrent index on a partitioned table.
const theirs: Record<string, string> = {
  ...alter,
  '20261122090303_index': 'CREATE INDEX idx_memories_bench ON athena.memories (bench_note, created_at);',
  '20261122090304_fill': "UPDATE athena.memories SET bench_note = 'filled' WHERE bench_note IS NULL;",
}

const started = values['database-url'] === undefined ? await startServer('pgvector/pgvector:0.8.7-pg18') : undefined
const server = values['database-url'] ?? started?.url ?? ''
const folder = makeProject()
let copies = 0
const template = `athena_bench_${process.pid}`
try {
  await prepare()
  const longest: Record<'baseline' | 'athena' | 'other', number[]> = { baseline: [], athena: [], other: [] }
  for (let run = 1; run <= Number(values.runs); run += 1) {
    const database = await fresh()
    longest.baseline.push(report(run, 'no migration', await underLoad(database, () => pause(5000))))
    longest.athena.push(
      report(run, 'athena migrate up', await underLoad(database, (url) => beside(url, athena(url, [])))),
    )
    await drop(database)
    const second = await fresh()
    longest.other.push(
      report(run, 'node-pg-migrate up', await underLoad(second, (url) => beside(url, nodePgMigrate(url)))),
    )
    await drop(second)
  }
  console.log(`\nlongest statement of the application, ms: median (min–max) of ${values.runs} runs`)
  console.log(`  no migration         ${spread(longest.baseline)}`)
  console.log(`  athena migrate up    ${spread(longest.athena)}`)
  console.log(`  node-pg-migrate up   ${spread(longest.other)}`)
  const ratios = longest.athena.map((each) => each / lockTimeout)
  console.log(`  athena / lock_timeout of ${lockTimeout} ms: ${spread(ratios, 2)}   target 1.5`)
} finally {
  await drop(template)
  await started?.stop()
  rmSync(folder, { recursive: true, force: true })
}

interface Load {
  statements: number
  longest: number
  /** The statement that took longest. */
  what: string
  percentile99: number
  seconds: number
}

/** Keeps clients reading and writing until `work` is done. */
async function underLoad(database: string, work: (url: string) => Promise<unknown>): Promise<Load> {
  const url = urlOf(database)
  const times: number[] = []
  let longest = 0
  let what = ''
  let isOver = false
  const client = async (): Promise<void> => {
    const session = new pg.Client({ connectionString: url, application_name: 'bench application' })
    await session.connect()
    const timed = async (name: string, sql: string, parameters: unknown[]): Promise<void> => {
      const startedAt = performance.now()
      await session.query({ name, text: sql, values: parameters })
      const took = performance.now() - startedAt
      times.push(took)
      if (took > longest) [longest, what] = [took, name]
    }
    while (!isOver) {
      const project = 1 + Math.floor(Math.random() * projects)
      const id = 1 + Math.floor(Math.random() * Number(values.rows))
      const dice = Math.random()
      if (dice < 0.7)
        await timed('read', 'SELECT content FROM athena.memories WHERE project_id = $1 AND id = $2', [project, id])
      else if (dice < 0.85)
        await timed('update', 'UPDATE athena.memories SET confidence = $3 WHERE project_id = $1 AND id = $2', [
          project,
          id,
          dice,
        ])
      else
        await timed(
          'insert',
          "INSERT INTO athena.memories (project_id, memory_type, content) VALUES ($1, 'fact', $2)",
          [project, `note ${dice}`],
        )
      await pause(5)
    }
    await session.end()
  }
  const clients = Array.from({ length: Number(values.clients) }, client)
  await pause(500)
  const startedAt = performance.now()
  await work(url)
  const seconds = (performance.now() - startedAt) / 1000
  isOver = true
  await Promise.all(clients)
  times.sort((a, b) => a - b)
  return { statements: times.length, longest, what, percentile99: times[Math.floor(times.length * 0.99)] ?? 0, seconds }
}

/** A run, with the long transactions that stand in its way. */
async function beside(url: string, run: Promise<unknown>): Promise<void> {
  let isOver = false
  const blocking = (async () => {
    const session = new pg.Client({ connectionString: url, application_name: 'bench long transaction' })
    await session.connect()
    const startedAt = performance.now()
    for (const [from, to] of blocked) {
      while (performance.now() - startedAt < from * 1000) await pause(50)
      if (isOver) break
      // A row that no client of ours touches: they are to wait for the run and not for this.
      await session.query(
        'BEGIN; UPDATE athena.memories SET confidence = 1 WHERE project_id = 1 AND id = 0; SELECT count(*) FROM athena.projects',
      )
      while (performance.now() - startedAt < to * 1000 && !isOver) await pause(50)
      await session.query('COMMIT')
    }
    await session.end()
  })()
  await run.finally(() => {
    isOver = true
  })
  await blocking
}

function athena(url: string, more: string[]): Promise<void> {
  return command([join(root, 'apps/runner/src/main.ts'), 'migrate', 'up', ...more], url)
}

/** Run again while it deadlocks with the application, as an operator would. */
async function nodePgMigrate(url: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await command([other, 'up', '-m', join(folder, 'theirs'), '--migrations-table', 'bench'], url)
    } catch (error) {
      if (attempt === 5 || !String(error).includes('deadlock detected')) throw error
      console.log('       node-pg-migrate up failed: deadlock detected; run again')
    }
  }
}

async function command(args: string[], url: string): Promise<void> {
  const child = spawn(process.execPath, ['--conditions=athena-src', ...args], {
    cwd: folder,
    env: { ...process.env, DATABASE_URL: url },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text))
  const status = await new Promise((resolve) => child.once('close', resolve))
  if (status !== 0) throw new Error(`${args.join(' ')} failed:\n${output}`)
  if (process.env.BENCH_VERBOSE) console.log(output)
}

/** The store with its rows, copied for each run. */
async function prepare(): Promise<void> {
  await administer(`CREATE DATABASE ${template}`)
  await athena(urlOf(template), ['--to', '20261122090240'])
  const session = new pg.Client({ connectionString: urlOf(template) })
  await session.connect()
  await session.query(
    `INSERT INTO athena.projects (name) SELECT 'project ' || n FROM generate_series(1, ${projects}) AS n`,
  )
  // Without embeddings: what an HNSW graph costs is another question.
  await session.query(
    `INSERT INTO athena.memories (project_id, memory_type, content)
     SELECT 1 + n % ${projects}, 'fact', 'note ' || n FROM generate_series(1, $1::int) AS n`,
    [Number(values.rows)],
  )
  await session.query('VACUUM ANALYZE athena.memories')
  await session.end()
}

function makeProject(): string {
  const made = mkdtempSync(join(tmpdir(), 'athena-bench-'))
  for (const name of ['migrations', 'theirs']) mkdirSync(join(made, name))
  for (const [name, sql] of Object.entries(ours))
    writeFileSync(
      join(made, 'migrations', `${name}.sql`),
      `${directives[name] ?? ''}-- Up Migration\n${sql}\n-- Down Migration\n`,
    )
  for (const [name, sql] of Object.entries(theirs))
    writeFileSync(join(made, 'theirs', `${name}.sql`), `-- Up Migration\n${sql}\n-- Down Migration\n`)
  writeFileSync(join(made, 'package.json'), '{"name":"bench","type":"module"}')
  writeFileSync(
    join(made, 'athena.config.json'),
    '{"packages":["@athena-pg/schema","@athena-pg/indices"],"migrations":"./migrations"}',
  )
  return made
}

function report(run: number, what: string, { statements, longest, what: kind, percentile99, seconds }: Load): number {
  const text = `longest ${longest.toFixed(0)} ms (${kind}), 99 % under ${percentile99.toFixed(0)} ms, ${statements} statements in ${seconds.toFixed(1)} s`
  console.log(`run ${run}  ${what.padEnd(20)} ${text}`)
  return longest
}

async function fresh(): Promise<string> {
  copies += 1
  const name = `${template}_${copies}`
  await administer(`CREATE DATABASE ${name} TEMPLATE ${template}`)
  return name
}

function drop(name: string): Promise<void> {
  return administer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
}

function urlOf(database: string): string {
  return Object.assign(new URL(server), { pathname: `/${database}` }).href
}

async function administer(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: server })
  await client.connect()
  await client.query(sql).finally(() => client.end())
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}

function spread(list: readonly number[], digits = 0): string {
  const sorted = list.toSorted((a, b) => a - b)
  const median = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
  return `${median.toFixed(digits)} (${sorted[0]?.toFixed(digits)}–${sorted.at(-1)?.toFixed(digits)})`
}

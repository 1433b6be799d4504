import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { describe, expect, inject, test } from 'vitest'
import { administer } from '../engines.ts'
import { commit, type ReleasedPackage, release, releasedPackages } from './copy.ts'
import { emptyProject, type Project } from './project.ts'
import { type Node, nodes, plainEnvironment, repository, run } from './run.ts'
import { changeSchema } from './schema-minor.ts'

interface Installation {
  client: 'npm' | 'pnpm'
  engine: string
  project: Project
}

const published = inject('published')
const all = (await nodes()).sort((one, other) => one.major - other.major)
const [oldest, newest] = [all[0], all.at(-1)]
const installations: Installation[] = [
  { client: 'npm', engine: 'the embedded database', project: emptyProject('npm', 'embedded') },
]
for (const { name: engine, url: server } of inject('servers')) {
  const database = `${published.databases}${engine.toLowerCase().replaceAll(' ', '_')}`
  await administer(server, `CREATE DATABASE ${database}`)
  const url = Object.assign(new URL(server), { pathname: `/${database}` }).href
  installations.push({ client: 'pnpm', engine, project: emptyProject('pnpm', database, { DATABASE_URL: url }) })
}
const onServers = installations.filter(({ client }) => client === 'pnpm')

const athena = async (project: Project, ...args: string[]) => JSON.parse(await project.athena([...args, '--json']))
const query = async (project: Project, sql: string) =>
  JSON.parse(
    await project.script(`
      import { connect } from '@athena-pg/database'
      const database = await connect()
      const client = await database.open('spec')
      const { rows } = await client.query(${JSON.stringify(sql)})
      await client.end()
      await database.close()
      console.log(JSON.stringify(rows))`),
  )

describe(`the first release, on Node ${all.map(({ major }) => major).join(' and ')}`, () => {
  test.each(installations)('is installed with $client, for $engine', async ({ client, project }) => {
    await project.install('athena-pg', ...(client === 'pnpm' ? ['@athena-pg/database', '@athena-pg/migrator'] : []))
    for (const node of all) expect(await project.athena(['--version'], node)).toBe(`${versionOf('athena-pg')}\n`)
  })

  test.each(installations)('makes the store on $engine, and has nothing to do the second time', async ({ project }) => {
    expect(await project.athena(['migrate', 'up'], oldest)).toMatch(/^applied .*create_schema@athena-pg\+schema/)
    expect(await project.athena(['migrate', 'up'], newest)).toBe('nothing to do: everything is applied\n')
  })

  test.each(installations)('remembers and finds on $engine', async ({ project }) => {
    writeFileSync(join(project.folder, 'notes.md'), 'The heron nests by the old mill.\n')
    await project.athena(['remember', 'notes.md', '--project', 'demo'], oldest)
    for (const node of all) {
      expect(await project.athena(['search', 'heron mill', '--project', 'demo'], node)).toContain('heron nests')
    }
  })

  test.each(installations)(
    "has types of its own and of pg, as $client's user sees them ($engine)",
    async ({ project }) => {
      writeFileSync(join(project.folder, 'user.ts'), usersProgram)
      const options = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext', '--types', '', 'user.ts']
      await run(join(repository, 'node_modules/.bin/tsc'), options, project.folder, project.env)
    },
  )
})

/** Were a type missing, it would be `any`, and the errors that are expected here would not come. */
const usersProgram = `import { connect } from '@athena-pg/database'
import { plan } from '@athena-pg/migrator'

const database = await connect()
const client = await database.open('a program')
await plan(client, [], { direction: 'up' })
// @ts-expect-error
await client.nonsense()
// @ts-expect-error
await plan('no client of pg', [], { direction: 'up' })
// @ts-expect-error
await plan(client, [], { direction: 'sideways' })
`

describe("a third party's package", () => {
  const [embedded] = installations as [Installation]
  const notes = join(published.folder, 'notes')
  const environment = embedded.project.env
  const pathOf = (node: Node | undefined) => ({
    ...environment,
    PATH: [node?.folder, environment.PATH].filter(Boolean).join(delimiter),
  })

  test('is made by athena package new, and its own test passes on every node', async () => {
    const { files } = await athena(embedded.project, 'package', 'new', '@acme/notes', '--folder', notes)
    for (const { path, text } of files) expect(readFileSync(path, 'utf8')).toBe(text)
    await run('npm', ['install'], notes, environment)
    for (const node of all) expect(await run('npm', ['test'], notes, pathOf(node))).toMatch(/pass 2\n.*fail 0\n/s)
  })

  test('is applied by athena in its own folder', async () => {
    expect(await run('npx', ['--no', '--', 'athena', 'migrate', 'up'], notes, environment)).toMatch(
      /applied \d+_create_acme_notes@acme\+notes .*applied function @acme\/notes\/latest_acme_notes/s,
    )
  })

  test('is released with its changeset', async () => {
    await run('git', ['init', '--quiet'], notes, environment)
    await commit(notes, 'Begin')
    // changesets itself asks for Node 22.11.
    await run('npx', ['--no', '--', 'changeset', 'version'], notes, pathOf(newest))
    expect(readFileSync(join(notes, 'CHANGELOG.md'), 'utf8')).toMatch(/## 0\.1\.0\n.*notes about projects/s)
    const answer = JSON.parse(await run('npm', ['publish', '--access', 'public', '--json'], notes, environment))
    // npm 11 puts the package under its name, npm 10 does not.
    const packed = answer['@acme/notes'] ?? answer
    expect(packed).toMatchObject({ name: '@acme/notes', version: '0.1.0' })
    expect(packed.files.map(({ path }: { path: string }) => path)).toEqual([
      'README.md',
      'functions/latest_acme_notes.sql',
      expect.stringMatching(/^migrations\/\d{14}_create_acme_notes\.sql$/),
      'package.json',
    ])
  })
})

describe('a minor release of the schema', () => {
  let added = ''
  let released: ReleasedPackage[] = []

  test('moves the versions of what depends on it, and of nothing else', async () => {
    added = await changeSchema(published.copy)
    await release(published.copy, published.registry, { ...plainEnvironment(), ...published.env })
    released = releasedPackages(published.copy)
    const schema = versionOf('@athena-pg/schema')
    for (const { name, folder, version } of published.packages) {
      const manifest = JSON.parse(readFileSync(join(published.copy, folder, 'package.json'), 'utf8'))
      // Above 0 a caret takes the next minor, so that nobody has to follow.
      const follows = schema.startsWith('0.') && manifest.dependencies?.['@athena-pg/schema'] !== undefined
      const expected = name === '@athena-pg/schema' ? next(version, 1) : follows ? next(version, 2) : version
      expect(`${name} ${versionOf(name, released)}`).toBe(`${name} ${expected}`)
    }
  })

  test.each(onServers)('upgrades a store with data on $engine', async ({ project }) => {
    await run('pnpm', ['update'], project.folder, project.env)
    expect(await project.athena(['migrate', 'up'])).toMatch(
      new RegExp(`^applied ${added}@athena-pg\\+schema .*\napplied function @athena-pg/schema/count_by_origin .*\n$`),
    )
    await assertUpgraded(project)
  })

  test.each(onServers)('lets an older migration of another package come later on $engine', async ({ project }) => {
    await project.install('@acme/notes')
    use(project, '@acme/notes')
    expect(await project.athena(['migrate', 'up'])).toMatch(/^applied \d+_create_acme_notes@acme\+notes /)
    expect((await athena(project, 'migrate', 'status')).applied.slice(-2)).toMatchObject([
      { package: '@athena-pg/schema', file: added },
      { package: '@acme/notes' },
    ])
    await assertUpgraded(project)
  })

  test("upgrades the embedded database together with the third party's package, in the order of their stamps", async () => {
    const [{ project }] = installations as [Installation]
    await run('npm', ['update'], project.folder, project.env)
    await project.install('@acme/notes')
    use(project, '@acme/notes')
    const { migrations } = await athena(project, 'migrate', 'plan')
    expect(migrations.map((each: { package: string }) => each.package)).toEqual(['@acme/notes', '@athena-pg/schema'])
    await project.athena(['migrate', 'up'])
    const { applied } = await athena(project, 'migrate', 'status')
    const files: string[] = applied.map(({ file }: { file: string }) => file)
    expect(files).toEqual([...files].sort())
    expect(applied.slice(-3).map((each: { package: string }) => each.package)).toEqual([
      '@athena-pg/indices',
      '@acme/notes',
      '@athena-pg/schema',
    ])
    await assertUpgraded(project)
  })

  async function assertUpgraded(project: Project): Promise<void> {
    expect(await project.athena(['--version'])).toBe(`${versionOf('athena-pg', released)}\n`)
    const { pending, changed, functions } = await athena(project, 'migrate', 'status')
    expect({ pending, changed }).toEqual({ pending: [], changed: [] })
    expect(new Set(functions.map(({ state }: { state: string }) => state))).toEqual(new Set(['applied']))
    expect(await project.athena(['search', 'heron mill', '--project', 'demo'])).toContain('heron nests')
    const counted = 'SELECT p.name, athena.count_by_origin(p.id, NULL) AS memories FROM athena.projects AS p'
    expect(await query(project, counted)).toEqual([{ name: 'demo', memories: '1' }])
    expect(await query(project, 'SELECT DISTINCT origin FROM athena.memories')).toEqual([{ origin: null }])
  }
})

function versionOf(name: string, packages: ReleasedPackage[] = published.packages): string {
  return packages.find((each) => each.name === name)?.version ?? `${name} is not released`
}

/** @param part 1 is the minor version, 2 the patch */
function next(version: string, part: 1 | 2): string {
  const numbers = version.split('.').map(Number)
  return numbers.map((number, index) => (index < part ? number : index === part ? number + 1 : 0)).join('.')
}

/** Adds a package to the project's configuration, as its README says. */
function use(project: Project, name: string): void {
  const file = join(project.folder, 'athena.config.json')
  expect(existsSync(file)).toBe(false)
  const packages = ['@athena-pg/schema', '@athena-pg/indices', '@athena-pg/partitions', name]
  writeFileSync(file, JSON.stringify({ packages }))
}

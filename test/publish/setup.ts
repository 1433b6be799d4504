import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import startServers, { type TestServer } from '../servers.ts'
import { copyWorkspace, type ReleasedPackage, release, releasedPackages } from './copy.ts'
import { plainEnvironment, repository, run } from './run.ts'

/** What the specs of publishing work with: everything is under `folder`, which is removed however they end. */
export interface Published {
  folder: string
  registry: string
  /** The copy of the work tree from which the first release was made. */
  copy: string
  /** The packages of the first release. */
  packages: ReleasedPackage[]
  /** Environment in which npm and pnpm know the loopback registry, and nothing that they fetched before. */
  env: Record<string, string>
  /** What names of databases begin with; such are dropped at the end. */
  databases: string
}

declare module 'vitest' {
  interface ProvidedContext {
    published: Published
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'athena-publish-'))
  const databases = `athena_publish_${randomBytes(4).toString('hex')}_`
  const servers: TestServer[] = []
  let stopServers: (() => Promise<void>) | undefined
  const uplink = (await run('npm', ['config', 'get', 'registry'], repository, plainEnvironment())).trim()
  const registry = startRegistry(folder, uplink)
  const end = async (): Promise<void> => {
    process.removeListener('SIGINT', interrupted)
    for (const { url } of servers) await dropDatabases(url, databases)
    await stopServers?.()
    await registry.end()
  }
  const interrupted = (): void => void end().finally(() => process.exit(130))
  process.once('SIGINT', interrupted)
  try {
    const copy = join(folder, 'workspace')
    const [url] = await Promise.all([registry.url, copyWorkspace(copy)])
    const env = registryEnvironment(folder, url)
    await release(copy, url, { ...plainEnvironment(), ...env })
    stopServers = await startServers({
      provide: (_: 'servers', found: TestServer[]) => {
        servers.push(...found)
        project.provide('servers', found)
      },
    } as unknown as TestProject)
    project.provide('published', {
      folder,
      registry: url,
      copy: copy,
      packages: releasedPackages(copy),
      env,
      databases,
    })
  } catch (error) {
    await end()
    throw error
  }
  return end
}

function startRegistry(folder: string, uplink: string): { url: Promise<string>; end(): Promise<void> } {
  const child: ChildProcess = spawn(process.execPath, [join(import.meta.dirname, 'registry.ts'), folder, uplink], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  const url = new Promise<string>((resolve, reject) => {
    child.stdout?.setEncoding('utf8').once('data', (line: string) => resolve(line.trim()))
    child.once('exit', () => reject(new Error('the registry did not start; its output is above')))
  })
  return {
    url,
    async end() {
      child.stdin?.end()
      await ended
    },
  }
}

/** @param url ends with a slash */
function registryEnvironment(folder: string, url: string): Record<string, string> {
  const home = join(folder, 'home')
  mkdirSync(home)
  const npmrc = join(home, '.npmrc')
  // The registry takes any token, and npm publishes with none at all to nobody. In a file, since npm_config_registry would be
  // inherited by every npx below.
  writeFileSync(npmrc, `registry=${url}\n${url.replace('http:', '')}:_authToken=anyone\naudit=false\nfund=false\n`)
  return {
    NPM_CONFIG_USERCONFIG: npmrc,
    npm_config_cache: join(home, 'npm'),
    // What was released this minute is to be installed; pnpm waits a day by itself.
    pnpm_config_minimum_release_age: '0',
    XDG_CACHE_HOME: join(home, 'cache'),
    XDG_DATA_HOME: join(home, 'data'),
    XDG_STATE_HOME: join(home, 'state'),
  }
}

async function dropDatabases(server: string, beginning: string): Promise<void> {
  const client = new pg.Client({ connectionString: server })
  await client.connect()
  try {
    const { rows } = await client.query('SELECT datname FROM pg_database WHERE starts_with(datname, $1)', [beginning])
    for (const { datname } of rows) await client.query(`DROP DATABASE ${datname} WITH (FORCE)`)
  } finally {
    await client.end()
  }
}

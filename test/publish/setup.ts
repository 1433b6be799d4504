import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { TestProject } from 'vitest/node'
import type { TestServer } from '../servers.ts'
import { copyWorkspace, type ReleasedPackage, release, releasedPackages } from './copy.ts'
import { machineEnvironment, plainEnvironment, repository, run } from './run.ts'

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
  const surroundings = await startSurroundings(folder, databases)
  try {
    const copy = join(folder, 'workspace')
    const [{ registry, servers }] = await Promise.all([surroundings.started, copyWorkspace(copy)])
    const env = registryEnvironment(folder, registry)
    await release(copy, registry, { ...plainEnvironment(), ...env })
    project.provide('servers', servers)
    project.provide('published', { folder, registry, copy, packages: releasedPackages(copy), env, databases })
  } catch (error) {
    await surroundings.end()
    throw error
  }
  return surroundings.end
}

interface Surroundings {
  started: Promise<{ registry: string; servers: TestServer[] }>
  end(): Promise<void>
}

async function startSurroundings(folder: string, databases: string): Promise<Surroundings> {
  const uplink = (await run('npm', ['config', 'get', 'registry'], repository, machineEnvironment())).trim()
  const program = join(import.meta.dirname, 'surroundings.ts')
  const child = spawn(process.execPath, [program, folder, uplink, databases], { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  const started = new Promise<{ registry: string; servers: TestServer[] }>((resolve, reject) => {
    createInterface(child.stdout).once('line', (line) => resolve(JSON.parse(line)))
    child.once('exit', () => reject(new Error('the registry and the servers did not start; why is said above')))
  })
  // Whoever waits for it later is told.
  started.catch(() => undefined)
  return {
    started,
    async end() {
      child.stdin.end()
      await ended
    },
  }
}

/** @param url ends with a slash */
function registryEnvironment(folder: string, url: string): Record<string, string> {
  const home = join(folder, 'home')
  mkdirSync(home)
  const npmrc = join(home, '.npmrc')
  // Any token does, but npm publishes with none at all to nobody. In a file, since every npx below would inherit a variable.
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

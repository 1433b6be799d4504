import { spawn } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  cpSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'

export type PostgresMajor = 14 | 15 | 16 | 17 | 18

/** A PostgreSQL that can be run, though no server of it runs. */
export interface PostgresBinary {
  /** `PostgreSQL 17, bare build` */
  name: string
  version: PostgresMajor
  /** A bare build has neither lz4 nor zstd nor liburing nor pgvector; a rich one (Debian's) has them all. */
  build: 'bare' | 'rich'
  /** Folder of `postgres` and `initdb`. */
  bin: string
  /** As whom they have to be run: PostgreSQL refuses to be run by root. */
  user?: { uid: number; gid: number }
}

const root = join(import.meta.dirname, '..')
/** `nobody`: the one user that is in every Linux, also in the images of the rich builds. */
export const anyoneElse: { uid: number; gid: number } = { uid: 65534, gid: 65534 }
export const isRoot: boolean = process.getuid?.() === 0

/**
 * The builds that the root package.json pins for this platform: PostgreSQL 14 to 18 on Linux. Where one is not installed (pnpm
 * install --no-optional) specs of it are skipped, loudly; ATHENA_REQUIRE_SERVER=1 makes that a failure.
 */
export function bareBinaries(): PostgresBinary[] {
  const { optionalDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  return Object.keys(optionalDependencies)
    .flatMap((name) => {
      const [, version, platform, arch] = /^postgres-(\d+)-(\w+)-(\w+)$/.exec(name) ?? []
      return platform === process.platform && arch === process.arch ? [{ name, version: Number(version) }] : []
    })
    .sort((a, b) => a.version - b.version)
    .flatMap(({ name, version }) => {
      try {
        return [bareBinary(name, version as PostgresMajor)]
      } catch (error) {
        if (process.env.ATHENA_REQUIRE_SERVER === '1') throw error
        console.warn(`SKIPPED: specs of the bare build of PostgreSQL ${version}: ${(error as Error).message}`)
        return []
      }
    })
}

function bareBinary(name: string, version: PostgresMajor): PostgresBinary {
  const bin = join(privateCopy(join(root, 'node_modules', name)), 'native', 'bin')
  return {
    name: `PostgreSQL ${version}, bare build`,
    version,
    build: 'bare',
    bin,
    ...(isRoot && { user: anyoneElse }),
  }
}

/**
 * A copy with the links that npm cannot pack, made once per machine: node_modules may lie where only root can look, and belongs
 * to pnpm. Made under another name first, so that two runs at once get one whole copy.
 */
function privateCopy(from: string): string {
  const { version } = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8'))
  const uid = process.getuid?.() ?? 0
  const copy = join(tmpdir(), `athena-postgres-${version}-${process.arch}-${uid}`)
  if (isOurs(copy, uid)) return copy
  const making = mkdtempSync(`${copy}-`)
  cpSync(from, making, { recursive: true, dereference: true })
  const links: { source: string; target: string }[] = JSON.parse(
    readFileSync(join(making, 'native', 'pg-symlinks.json'), 'utf8'),
  )
  for (const { source, target } of links) symlinkSync(relative(dirname(target), source), join(making, target))
  chmodSync(making, 0o755)
  try {
    renameSync(making, copy)
  } catch (error) {
    rmSync(making, { recursive: true })
    if (!isOurs(copy, uid)) throw error
  }
  return copy
}

function isOurs(folder: string, uid: number): boolean {
  const found = statSync(folder, { throwIfNoEntry: false })
  if (found !== undefined && found.uid !== uid) throw new Error(`${folder} belongs to somebody else`)
  return found !== undefined
}

export interface Run {
  code: number | null
  stdout: string
  stderr: string
}

/**
 * Runs `postgres`, or another program beside it. One at a time per data folder.
 * @throws Error where the program cannot be started at all
 */
export function runPostgres(
  { bin, user }: PostgresBinary,
  args: readonly string[],
  { stdin = '', program = 'postgres' }: { stdin?: string; program?: string } = {},
): Promise<Run> {
  return new Promise((resolve, reject) => {
    // LC_ALL: messages in English. Of the environment no more than docker needs.
    const env = { PATH: process.env.PATH, HOME: process.env.HOME, DOCKER_HOST: process.env.DOCKER_HOST, LC_ALL: 'C' }
    const child = spawn(join(bin, program), args, { ...user, cwd: '/', env })
    const out: Run = { code: null, stdout: '', stderr: '' }
    child.stdout.setEncoding('utf8').on('data', (text) => {
      out.stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', (text) => {
      out.stderr += text
    })
    child.on('error', reject)
    child.on('close', (code) => resolve({ ...out, code }))
    // A program that ends before it has read everything says why on stderr.
    child.stdin.on('error', () => {})
    child.stdin.end(stdin)
  })
}

const scratches: string[] = []
process.on('exit', removeScratchFolders)

/** For `afterAll`: vitest ends its workers without the event `exit`. */
export function removeScratchFolders(): void {
  for (const folder of scratches.splice(0)) rmSync(folder, { recursive: true, force: true })
}

/** A folder that the binary's user can write in and everyone can read; gone when this process ends. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'athena-postgres-scratch-'))
  scratches.push(folder)
  chmodSync(folder, 0o755)
  if (isRoot) chownSync(folder, anyoneElse.uid, anyoneElse.gid)
  return folder
}

const dataFolders = new Map<string, Promise<string>>()

/** A data folder of the binary's version, made by initdb once per process, with a superuser `postgres`. */
export function dataFolder(binary: PostgresBinary): Promise<string> {
  const made = dataFolders.get(binary.bin) ?? initialize(binary)
  dataFolders.set(binary.bin, made)
  return made
}

async function initialize(binary: PostgresBinary): Promise<string> {
  // Beside its programs where those are in a container: only that folder is the same inside and outside.
  const folder = join(binary.build === 'rich' ? dirname(binary.bin) : scratchFolder(), 'data')
  const settings = ['--no-locale', '--encoding=UTF8', '--auth=trust', '--username=postgres', '--no-sync']
  const { code, stderr } = await runPostgres(binary, ['-D', folder, ...settings], { program: 'initdb' })
  if (code !== 0) throw new Error(`initdb of ${binary.name} failed: ${stderr}`)
  return folder
}

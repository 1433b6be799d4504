import { execFile } from 'node:child_process'
import { readdirSync, readFileSync, realpathSync, statfsSync, statSync } from 'node:fs'
import { availableParallelism, totalmem } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { ReadFile } from './cgroup-limits.ts'

/** What detection sees of a machine. Specs lay out another one in a folder. */
export interface Machine {
  readonly platform: string
  readonly env: NodeJS.ProcessEnv
  readonly read: ReadFile
  /** Names in a folder, empty where it is not there. */
  list(folder: string): readonly string[]
  /** Where a path leads, links resolved. */
  resolve(path: string): string | undefined
  /** `8:1` of the block device that the folder is on. */
  deviceOf(folder: string): string | undefined
  /** Of the file system that the folder is on, in bytes. */
  sizeOf(folder: string): number | undefined
  /** What a command prints; undefined where it fails or is not there. */
  run(file: string, args: readonly string[]): Promise<string | undefined>
  /** As the operating system tells a program: for those that have no /proc. */
  readonly memory: number
  readonly cpus: number
}

/** @param root where / is */
export function thisMachine(root = '/'): Machine {
  const tried = <T>(read: (path: string) => T, path: string): T | undefined => {
    try {
      return read(join(root, path))
    } catch {
      return undefined
    }
  }
  return {
    platform: process.platform,
    env: process.env,
    memory: totalmem(),
    cpus: availableParallelism(),
    read: async (path) => tried((file) => readFileSync(file, 'utf8'), path),
    list: (folder) => tried((path) => readdirSync(path), folder) ?? [],
    resolve: (path) => tried((each) => realpathSync(each), path)?.slice(root === '/' ? 0 : realpathSync(root).length),
    deviceOf: (folder) =>
      tried((path) => {
        // As glibc packs them.
        const device = BigInt(statSync(path).dev)
        const major = ((device >> 8n) & 0xfffn) | ((device >> 32n) & ~0xfffn)
        return `${major}:${(device & 0xffn) | ((device >> 12n) & ~0xffn)}`
      }, folder),
    sizeOf: (folder) =>
      tried((path) => {
        const { blocks, bsize } = statfsSync(path)
        return blocks * bsize
      }, folder),
    run: (file, args) =>
      promisify(execFile)(file, args, { timeout: 5000 }).then(
        ({ stdout }) => stdout,
        () => undefined,
      ),
  }
}

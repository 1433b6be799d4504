import type { FactName, FactSource, GivenFacts } from '@athena-pg/policy'
import { cpuLimit, memoryLimit } from './cgroup-limits.ts'
import { localPostgres } from './local-postgres.ts'
import { type Machine, thisMachine } from './machine.ts'
import { storageClass } from './storage-class.ts'

/** Where distributions and images keep the data of a cluster, after PGDATA. */
const dataFolders = ['/var/lib/postgresql', '/var/lib/pgsql']

/** Facts of this machine, or of the container that this runs in. What cannot be told for sure is left out. */
export async function machineSource(machine: Machine = thisMachine()): Promise<FactSource> {
  const facts: Record<string, unknown> = {}
  const origin: Partial<Record<FactName, string>> = {}
  function tell<Name extends FactName>(name: Name, value: GivenFacts[Name], from: string): void {
    if (value === undefined) return
    facts[name] = value
    origin[name] = from
  }
  const isLinux = machine.platform === 'linux'
  const memory = (isLinux && (await memoryLimit(machine.read))) || { value: machine.memory, file: 'this machine' }
  const cpus = (isLinux && (await cpuLimit(machine.read))) || { value: machine.cpus, file: 'this machine' }
  tell('memory', memory.value, memory.file)
  tell('cpus', hundredths(cpus.value), cpus.file)
  if (isLinux) {
    const shared = machine.sizeOf('/dev/shm')
    // As large as memory, or the host's in a container, it limits nothing.
    if (shared !== undefined && shared < memory.value) tell('sharedMemory', shared, '/dev/shm')
    if (memory.file === '/proc/meminfo' && (await hasHugePages(machine, memory.value))) {
      tell('hugePages', true, '/proc/meminfo')
    }
    const data = dataFolder(machine)
    if (data !== undefined) {
      tell('storage', await storageClass(machine, data), `the disk of ${data}`)
      tell('walDisk', machine.sizeOf(walFolder(machine, data)), `the file system of ${walFolder(machine, data)}`)
    }
  }
  const postgres = await localPostgres(machine)
  for (const [name, value] of Object.entries(postgres?.facts ?? {})) tell(name as FactName, value, postgres?.file ?? '')
  return { facts, origin }
}

/** A quota of 3333 µs of 10000 is not worth all its digits. */
function hundredths(cpus: number): number {
  return Math.max(0.01, Math.floor(cpus * 100 + 1e-6) / 100)
}

/**
 * Enough free ones for shared memory, a quarter of memory and some. Fewer would keep a server with huge_pages = on from starting, and
 * in a container, whose host has them, nobody knows for whom they are.
 */
async function hasHugePages({ read }: Machine, memory: number): Promise<boolean> {
  const text = (await read('/proc/meminfo')) ?? ''
  const number = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0)
  const free = number('HugePages_Free') - number('HugePages_Rsvd')
  return free * number('Hugepagesize') * 1024 >= memory * 0.3
}

function dataFolder(machine: Machine): string | undefined {
  const candidates = [...(machine.env.PGDATA ? [machine.env.PGDATA] : []), ...dataFolders]
  return candidates.find((folder) => machine.deviceOf(folder) !== undefined)
}

/** pg_wal may be a link to another disk. */
function walFolder(machine: Machine, data: string): string {
  return machine.resolve(`${data}/pg_wal`) ?? data
}

import { symlinkSync } from 'node:fs'
import { expect, test } from 'vitest'
import { temporaryFolder, writeFiles } from '../../../../test/packages.ts'
import { machineSource } from '../../src/tune/detect-machine.ts'
import { thisMachine } from '../../src/tune/machine.ts'
import { machineFolder } from './machine-folder.ts'

const GB = 1024 ** 3

test('a machine tells memory and cpus, and what it cannot tell is left open', async () => {
  expect(await machineSource(machineFolder())).toEqual({
    facts: { memory: 128 * GB, cpus: 64 },
    origin: { memory: '/proc/meminfo', cpus: '/proc/self/status' },
  })
})

test('where there is no /proc, the operating system is asked', async () => {
  const mac = machineFolder({}, { platform: 'darwin', memory: 32 * GB, cpus: 10 })
  expect(await machineSource(mac)).toEqual({
    facts: { memory: 32 * GB, cpus: 10 },
    origin: { memory: 'this machine', cpus: 'this machine' },
  })
})

test('quotas lose what is below a hundredth of a cpu', async () => {
  const { facts } = await machineSource(machineFolder({ 'sys/fs/cgroup/cpu.max': '33333 100000' }))
  expect(facts.cpus).toBe(0.33)
})

test('/dev/shm is told where it is smaller than memory', async () => {
  const files = { 'sys/fs/cgroup/memory.max': String(GB) }
  const small = machineFolder(files, { sizeOf: (folder) => (folder === '/dev/shm' ? 64 * 1024 ** 2 : undefined) })
  expect((await machineSource(small)).facts.sharedMemory).toBe(64 * 1024 ** 2)
  const hosts = machineFolder(files, { sizeOf: (folder) => (folder === '/dev/shm' ? 64 * GB : undefined) })
  expect((await machineSource(hosts)).facts.sharedMemory).toBeUndefined()
})

test('huge pages are told where enough are free for shared memory, and never in a container', async () => {
  const meminfo = (pages: number): string =>
    `MemTotal: ${16 * 1024 ** 2} kB\nHugePages_Free: ${pages}\nHugePages_Rsvd: 0\nHugepagesize: 2048 kB\n`
  const told = async (pages: number, files = {}) =>
    (await machineSource(machineFolder({ 'proc/meminfo': meminfo(pages), ...files }))).facts.hugePages
  expect(await told(3000)).toBe(true)
  expect(await told(500)).toBeUndefined()
  expect(await told(0)).toBeUndefined()
  expect(await told(3000, { 'sys/fs/cgroup/memory.max': String(GB) })).toBeUndefined()
})

test('the disk of the data is that of PGDATA, with pg_wal where its link leads', async () => {
  const root = temporaryFolder()
  writeFiles(root, {
    'proc/meminfo': 'MemTotal: 1048576 kB\n',
    'data/PG_VERSION': '18',
    'wal/x': '',
    'sys/devices/pci/nvme0n1/queue/rotational': '0',
    'sys/dev/block/x': '',
  })
  symlinkSync(`${root}/wal`, `${root}/data/pg_wal`)
  symlinkSync(`${root}/sys/devices/pci/nvme0n1`, `${root}/sys/dev/block/259:0`)
  const { facts, origin } = await machineSource({
    ...thisMachine(root),
    platform: 'linux',
    env: { PGDATA: '/data' },
    deviceOf: (folder) => (folder === '/data' ? '259:0' : undefined),
    sizeOf: (folder) => (folder === '/wal' ? 100 * GB : undefined),
    run: async () => undefined,
    cpus: 2,
  })
  expect(facts).toEqual({ memory: GB, cpus: 2, storage: 'nvme', walDisk: 100 * GB })
  expect(origin).toMatchObject({ storage: 'the disk of /data', walDisk: 'the file system of /wal' })
})

test('this very machine can be detected', async () => {
  const { facts } = await machineSource()
  expect(facts.memory).toBeGreaterThan(100 * 1024 ** 2)
  expect(facts.cpus).toBeGreaterThan(0)
})

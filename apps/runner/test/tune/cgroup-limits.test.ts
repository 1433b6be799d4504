import { describe, expect, test } from 'vitest'
import { cpuLimit, memoryLimit } from '../../src/tune/cgroup-limits.ts'
import { machineFolder } from './machine-folder.ts'

const GB = 1024 ** 3
const host = { value: 128 * GB, file: '/proc/meminfo' }
const memory = (files: Record<string, string>) => memoryLimit(machineFolder(files).read)
const cpus = (files: Record<string, string>) => cpuLimit(machineFolder(files).read)

describe('memory', () => {
  test('of a machine without control groups is all there is', async () => {
    expect(await memory({ 'proc/self/cgroup': '' })).toEqual(host)
    expect(await memory({})).toEqual(host)
  })

  test('of a container of 1 GB on a host of 128 GB is 1 GB', async () => {
    expect(await memory({ 'sys/fs/cgroup/memory.max': '1073741824\n' })).toEqual({
      value: GB,
      file: '/sys/fs/cgroup/memory.max',
    })
  })

  test('without a limit, version 2 says max', async () => {
    expect(await memory({ 'sys/fs/cgroup/memory.max': 'max\n', 'sys/fs/cgroup/memory.high': 'max\n' })).toEqual(host)
  })

  test('from memory.high on the kernel slows everything down, so it is a limit', async () => {
    const files = { 'sys/fs/cgroup/memory.max': '2147483648\n', 'sys/fs/cgroup/memory.high': '1073741824\n' }
    expect(await memory(files)).toEqual({ value: GB, file: '/sys/fs/cgroup/memory.high' })
  })

  test('is the least of the own group and of all that it is inside of', async () => {
    const files = {
      'proc/self/cgroup': '0::/kubepods/pod1/db\n',
      'sys/fs/cgroup/kubepods/memory.max': String(8 * GB),
      'sys/fs/cgroup/kubepods/pod1/memory.max': String(2 * GB),
      'sys/fs/cgroup/kubepods/pod1/db/memory.max': String(4 * GB),
    }
    expect(await memory(files)).toEqual({ value: 2 * GB, file: '/sys/fs/cgroup/kubepods/pod1/memory.max' })
  })

  test("in a container that sees its host's path, the files of the root are its own", async () => {
    const files = { 'proc/self/cgroup': '0::/docker/0123abc\n', 'sys/fs/cgroup/memory.max': String(GB) }
    expect(await memory(files)).toEqual({ value: GB, file: '/sys/fs/cgroup/memory.max' })
  })

  test('a path that leads out of the container is not followed', async () => {
    const files = {
      'proc/self/cgroup': '0::/../../other\n',
      'sys/fs/cgroup/memory.max': String(2 * GB),
      'other/memory.max': String(GB),
    }
    expect(await memory(files)).toMatchObject({ value: 2 * GB })
  })

  test('version 1 has a limit in bytes, and some exabytes for none', async () => {
    const group = { 'proc/self/cgroup': '5:cpuset:/\n4:memory:/docker/abc\n' }
    const none = { 'sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712\n' }
    expect(await memory({ ...group, ...none })).toEqual(host)
    const own = { 'sys/fs/cgroup/memory/docker/abc/memory.limit_in_bytes': String(GB) }
    expect(await memory({ ...group, ...none, ...own })).toEqual({
      value: GB,
      file: '/sys/fs/cgroup/memory/docker/abc/memory.limit_in_bytes',
    })
  })

  test('on a machine with both versions, either may limit it', async () => {
    const group = { 'proc/self/cgroup': '4:memory:/a\n0::/b\n' }
    expect(await memory({ ...group, 'sys/fs/cgroup/memory/a/memory.limit_in_bytes': String(GB) })).toMatchObject({
      value: GB,
    })
    expect(await memory({ ...group, 'sys/fs/cgroup/unified/b/memory.max': String(GB) })).toMatchObject({ value: GB })
  })

  test('a limit above what the machine has limits nothing', async () => {
    expect(await memory({ 'sys/fs/cgroup/memory.max': String(500 * GB) })).toEqual(host)
  })

  test.each(['', 'much', '-1', '1 GB'])('a file that says "%s" is not believed', async (text) => {
    expect(await memory({ 'sys/fs/cgroup/memory.max': text })).toEqual(host)
  })

  test('is unknown where there is no /proc', async () => {
    expect(await memoryLimit(async () => undefined)).toBeUndefined()
    expect(await cpuLimit(async () => undefined)).toBeUndefined()
  })
})

describe('cpus', () => {
  test('of a machine are those that are there, not those that could be', async () => {
    expect(await cpus({})).toEqual({ value: 64, file: '/proc/self/status' })
  })

  test('are those of a cpuset', async () => {
    expect(await cpus({ 'proc/self/status': 'Cpus_allowed_list:\t0-1,8,70\n' })).toMatchObject({ value: 3 })
  })

  test('are the quota, which may be a fraction', async () => {
    expect(await cpus({ 'sys/fs/cgroup/cpu.max': '150000 100000\n' })).toEqual({
      value: 1.5,
      file: '/sys/fs/cgroup/cpu.max',
    })
    expect(await cpus({ 'sys/fs/cgroup/cpu.max': 'max 100000\n' })).toMatchObject({ value: 64 })
  })

  test('are the least quota of the groups that it is inside of', async () => {
    const files = {
      'proc/self/cgroup': '0::/a/b\n',
      'sys/fs/cgroup/a/cpu.max': '200000 100000\n',
      'sys/fs/cgroup/a/b/cpu.max': '800000 100000\n',
    }
    expect(await cpus(files)).toEqual({ value: 2, file: '/sys/fs/cgroup/a/cpu.max' })
  })

  test('version 1 has quota and period apart, and -1 for none', async () => {
    const files = { 'proc/self/cgroup': '1:cpu,cpuacct:/\n', 'sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n' }
    expect(await cpus({ ...files, 'sys/fs/cgroup/cpu/cpu.cfs_quota_us': '50000\n' })).toEqual({
      value: 0.5,
      file: '/sys/fs/cgroup/cpu/cpu.cfs_quota_us',
    })
    expect(await cpus({ ...files, 'sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1\n' })).toMatchObject({ value: 64 })
  })
})

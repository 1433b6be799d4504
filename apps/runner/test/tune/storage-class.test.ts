import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder, writeFiles } from '../../../../test/packages.ts'
import { thisMachine } from '../../src/tune/machine.ts'
import { storageClass } from '../../src/tune/storage-class.ts'

/** Class of the block device `path` below /sys/devices. */
async function classOf(path: string, files: Record<string, string>, links: Record<string, string> = {}) {
  const root = temporaryFolder()
  writeFiles(root, { 'sys/dev/block/.keep': '', ...files })
  symlinkSync(join(root, 'sys/devices', path), join(root, 'sys/dev/block/8:1'))
  for (const [link, to] of Object.entries(links)) {
    mkdirSync(join(root, link, '..'), { recursive: true })
    symlinkSync(join(root, 'sys/devices', to), join(root, link))
  }
  return storageClass({ ...thisMachine(root), deviceOf: () => '8:1' }, '/data')
}

const disk = (name: string, rotational: string, more: Record<string, string> = {}) => ({
  [`sys/devices/${name}/queue/rotational`]: `${rotational}\n`,
  ...Object.fromEntries(
    Object.entries(more).map(([file, text]) => [`sys/devices/${name}/device/${file}`, `${text}\n`]),
  ),
})

test.each([
  ['a disk that rotates', 'sda', '1', { vendor: 'ATA', model: 'WDC WD40' }, 'hdd'],
  ['a disk that does not', 'sda', '0', { vendor: 'ATA', model: 'Samsung SSD' }, 'ssd'],
  ['an NVMe', 'nvme0n1', '0', { model: 'Samsung 990' }, 'nvme'],
  ['a virtual disk that nobody said anything of', 'vda', '1', {}, undefined],
  ['a virtual SCSI disk, likewise', 'sda', '1', { vendor: 'QEMU', model: 'QEMU HARDDISK' }, undefined],
  ['a virtual disk that is told to be solid', 'vda', '0', {}, 'ssd'],
  ['EBS, which shows as NVMe', 'nvme1n1', '0', { model: 'Amazon Elastic Block Store' }, 'network'],
  ['local NVMe of the same cloud', 'nvme2n1', '0', { model: 'Amazon EC2 NVMe Instance Storage' }, 'nvme'],
  ['a persistent disk of Google', 'sda', '0', { vendor: 'Google', model: 'PersistentDisk' }, 'network'],
  ['Ceph', 'rbd0', '0', {}, 'network'],
  ['what is none of these', 'zram0', '0', {}, undefined],
])('%s: %s', async (_, name, rotational, more, expected) => {
  expect(await classOf(name, disk(name, rotational, more as Record<string, string>))).toBe(expected)
})

test('a partition is as its disk', async () => {
  expect(await classOf('sda/sda1', { ...disk('sda', '0'), 'sys/devices/sda/sda1/partition': '1\n' })).toBe('ssd')
})

test('of joined disks the slowest counts, and one that is unknown makes all unknown', async () => {
  const joined = (second: Record<string, string>) =>
    classOf(
      'dm-0',
      { ...disk('nvme0n1', '0'), ...second },
      { 'sys/devices/dm-0/slaves/nvme0n1': 'nvme0n1', 'sys/devices/dm-0/slaves/sda': 'sda' },
    )
  expect(await joined(disk('sda', '1'))).toBe('hdd')
  expect(await joined(disk('sda', '0'))).toBe('ssd')
  expect(await joined(disk('sda', '1', { vendor: 'VMware' }))).toBeUndefined()
})

test('a file system without a block device, as overlay, tells nothing', async () => {
  const machine = { ...thisMachine(temporaryFolder()), deviceOf: () => '0:45' }
  expect(await storageClass(machine, '/data')).toBeUndefined()
})

import type { Storage } from '@athena-pg/policy'
import type { Machine } from './machine.ts'

/** Disks of clouds, by the model that they show: behind a network, whatever their driver is. */
const networkModels = /^(Amazon Elastic Block Store|nvme_card-pd|PersistentDisk|MSFT NVMe Accelerator)/
/** Virtual disks say that they rotate when nobody told the hypervisor otherwise. */
const virtualVendors = /^(QEMU|VMware|Msft|Google|VBOX|Xen|Red Hat)/

/**
 * Class of the disk that a folder is on; of several joined disks that of the slowest.
 * @returns undefined where it cannot be told, rather than a guess
 */
export async function storageClass(machine: Machine, folder: string): Promise<Storage | undefined> {
  const device = machine.deviceOf(folder)
  const path = device === undefined ? undefined : machine.resolve(`/sys/dev/block/${device}`)
  return path === undefined ? undefined : classOf(machine, path)
}

const bySpeed: readonly Storage[] = ['hdd', 'network', 'ssd', 'nvme']

async function classOf(machine: Machine, path: string): Promise<Storage | undefined> {
  // A partition is inside the folder of its disk, and has no queue of its own.
  const isPartition = (await machine.read(`${path}/partition`)) !== undefined
  const disk = isPartition ? path.slice(0, path.lastIndexOf('/')) : path
  // LVM, dm-crypt and software RAID.
  const below = machine.list(`${disk}/slaves`)
  if (below.length > 0) {
    const classes = await Promise.all(
      below.map(async (name) => {
        const slave = machine.resolve(`${disk}/slaves/${name}`)
        return slave === undefined ? undefined : classOf(machine, slave)
      }),
    )
    return classes.includes(undefined) ? undefined : bySpeed.find((each) => classes.includes(each))
  }
  const name = disk.slice(disk.lastIndexOf('/') + 1)
  const model = (await machine.read(`${disk}/device/model`))?.trim() ?? ''
  if (networkModels.test(model) || /^(rbd|nbd|drbd)\d/.test(name)) return 'network'
  if (/^nvme\d/.test(name)) return 'nvme'
  const rotational = (await machine.read(`${disk}/queue/rotational`))?.trim()
  if (rotational === '0' && /^(sd|vd|xvd|mmcblk)/.test(name)) return 'ssd'
  const vendor = (await machine.read(`${disk}/device/vendor`))?.trim() ?? ''
  return rotational === '1' && /^sd/.test(name) && !virtualVendors.test(vendor) ? 'hdd' : undefined
}

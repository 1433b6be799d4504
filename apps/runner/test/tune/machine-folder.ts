import { temporaryFolder, writeFiles } from '../../../../test/packages.ts'
import { type Machine, thisMachine } from '../../src/tune/machine.ts'

const GB = 1024 ** 3

/** A Linux machine of 128 GB and 64 cpus, laid out in a folder; `files` are added, or take the place of those. */
export function machineFolder(files: Readonly<Record<string, string>> = {}, changes: Partial<Machine> = {}): Machine {
  const root = temporaryFolder()
  writeFiles(root, {
    'proc/meminfo': `MemTotal:       ${128 * 1024 * 1024} kB\nMemFree:  1 kB\n`,
    'proc/self/status': 'Name:\tnode\nCpus_allowed:\tff\nCpus_allowed_list:\t0-127\n',
    'proc/self/cgroup': '0::/\n',
    'sys/devices/system/cpu/online': '0-63\n',
    ...files,
  })
  return {
    ...thisMachine(root),
    platform: 'linux',
    env: {},
    sizeOf: () => undefined,
    deviceOf: () => undefined,
    run: async () => undefined,
    memory: 1 * GB,
    cpus: 1,
    ...changes,
  }
}

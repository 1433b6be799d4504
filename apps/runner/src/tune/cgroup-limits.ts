/** Contents of a file of Linux; undefined where it is not there or not to be read. */
export type ReadFile = (path: string) => Promise<string | undefined>

/** A figure and the file that it was read from. */
export interface Found {
  readonly value: number
  readonly file: string
}

/**
 * The least memory that the process, and whatever it is inside of, may use, in bytes: of the machine and of its control groups,
 * version 2 and 1. A container sees the memory of its host in /proc/meminfo, so that alone is not enough.
 */
export async function memoryLimit(read: ReadFile): Promise<Found | undefined> {
  const [, kilobytes] = /^MemTotal:\s+(\d+) kB$/m.exec((await read('/proc/meminfo')) ?? '') ?? []
  const found: Found[] = kilobytes === undefined ? [] : [{ value: Number(kilobytes) * 1024, file: '/proc/meminfo' }]
  // From memory.high on the kernel slows the group down until it gives memory back: no server wants to work there.
  for (const name of ['memory.max', 'memory.high']) found.push(...(await each(read, 'v2', name, bytes)))
  // Without a limit version 1 has a number of some exabytes, which never is the least.
  found.push(...(await each(read, 'memory', 'memory.limit_in_bytes', bytes)))
  return least(found)
}

/** The cpus that the process may use at once: those that it may be put on, and quotas of their time. A quota may be a fraction. */
export async function cpuLimit(read: ReadFile): Promise<Found | undefined> {
  const found: Found[] = await allowedCpus(read)
  found.push(...(await each(read, 'v2', 'cpu.max', quotaOfPeriod)))
  for (const { value: quota, file } of await each(read, 'cpu', 'cpu.cfs_quota_us', bytes)) {
    const period = bytes((await read(file.replace('quota', 'period'))) ?? '')
    if (period !== undefined) found.push({ value: quota / period, file })
  }
  return least(found)
}

/** cpusets and affinity, which the kernel adds up in Cpus_allowed; it may name cpus that the machine could have and has not. */
async function allowedCpus(read: ReadFile): Promise<Found[]> {
  const [, list] = /^Cpus_allowed_list:\s+(\S+)$/m.exec((await read('/proc/self/status')) ?? '') ?? []
  const online = await read('/sys/devices/system/cpu/online')
  if (list === undefined) {
    return online === undefined ? [] : [{ value: numbersIn(online).size, file: '/sys/devices/system/cpu/online' }]
  }
  const allowed = numbersIn(list)
  const present = online === undefined ? allowed : numbersIn(online)
  return [{ value: [...allowed].filter((cpu) => present.has(cpu)).length, file: '/proc/self/status' }]
}

/** `0-3,8` → 0, 1, 2, 3, 8 */
function numbersIn(list: string): Set<number> {
  const ranges = list.trim().split(',').filter(Boolean)
  return new Set(
    ranges.flatMap((range) => {
      const [from, to = from] = range.split('-').map(Number) as [number, number?]
      return Array.from({ length: to - from + 1 }, (_, index) => from + index)
    }),
  )
}

/** What the file of that name says in the control group of the process and in all that it is inside of. */
async function each(
  read: ReadFile,
  controller: 'v2' | 'memory' | 'cpu',
  name: string,
  parse: (text: string) => number | undefined,
): Promise<Found[]> {
  const found: Found[] = []
  for (const folder of await foldersOf(read, controller)) {
    const value = parse((await read(`${folder}/${name}`)) ?? '')
    if (value !== undefined) found.push({ value, file: `${folder}/${name}` })
  }
  return found
}

/**
 * The process's own group first, the root last. In a container the path may be that of the host, which is not mounted there: then only
 * the root has files, and it is the container's own group.
 */
async function foldersOf(read: ReadFile, controller: 'v2' | 'memory' | 'cpu'): Promise<string[]> {
  const lines = ((await read('/proc/self/cgroup')) ?? '').split('\n').map((line) => line.split(':'))
  const own = lines.find(([id, names]) =>
    controller === 'v2' ? id === '0' && names === '' : names?.split(',').includes(controller),
  )
  // `..` leads out of what the container sees.
  const path = own?.slice(2).join(':') ?? '/'
  const parts = path.includes('..') ? [] : path.split('/').filter(Boolean)
  // On a machine with both versions, the second one is below `unified`.
  const mounts = controller === 'v2' ? ['/sys/fs/cgroup', '/sys/fs/cgroup/unified'] : [`/sys/fs/cgroup/${controller}`]
  return mounts.flatMap((mount) =>
    Array.from({ length: parts.length + 1 }, (_, up) => [mount, ...parts.slice(0, parts.length - up)].join('/')),
  )
}

/** undefined for `max`, -1 and what is no number. */
function bytes(text: string): number | undefined {
  return /^\d+\s*$/.test(text) ? Number(text) : undefined
}

/** `150000 100000` → 1.5 */
function quotaOfPeriod(text: string): number | undefined {
  const [, quota, period] = /^(\d+) (\d+)\s*$/.exec(text) ?? []
  return quota === undefined ? undefined : Number(quota) / Number(period)
}

function least(found: readonly Found[]): Found | undefined {
  return found.reduce<Found | undefined>((best, next) => (best && best.value <= next.value ? best : next), undefined)
}

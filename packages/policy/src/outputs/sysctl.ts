import type { Storage } from '../facts/server-facts.ts'
import { estimateHugePages, hugePageSize } from '../memory/huge-pages.ts'
import type { Recommendation } from '../recommendation.ts'
import { comment } from '../text/comment.ts'
import { head } from '../text/head.ts'
import { sizeText } from '../text/size-text.ts'
import { MB } from '../units.ts'
import type { Output, RenderOptions } from './output.ts'

/** Changed pages from which on the kernel writes in the background: a second or less of what the disk writes. */
const background: Readonly<Record<Storage, number>> = { hdd: 32 * MB, network: 64 * MB, ssd: 128 * MB, nvme: 256 * MB }

export const sysctl: Output = {
  name: 'sysctl',
  summary: 'Kernel settings of a machine that is there for PostgreSQL',
  render(recommendation, options) {
    const { facts } = recommendation
    const lines = [
      ...head('Kernel settings', recommendation, options),
      '#',
      ...comment(
        'For the host of a dedicated server: /etc/sysctl.d/90-athena.conf, then sysctl --system. Containers share them with their host.',
      ),
      '',
      ...hugePages(recommendation, options),
      '',
      ...overcommit(recommendation, options),
      '',
      ...comment(
        'Rather drop cached pages than swap out a session: a search that waits for swap has lost its index too.',
      ),
      'vm.swappiness = 1',
      '',
      ...comment(
        `The default starts to write when a tenth of the memory is changed, ${sizeText(facts.memory / 10)} here, all of which the fsync of a checkpoint then waits for.`,
      ),
      `vm.dirty_background_bytes = ${background[facts.storage]}`,
      `vm.dirty_bytes = ${4 * background[facts.storage]}`,
      '',
      ...comment(
        'RLIMIT_MEMLOCK is no kernel setting: PostgreSQL needs none for huge pages. Only io_method = io_uring does (systemd: LimitMEMLOCK=infinity).',
      ),
    ]
    return [{ name: 'sysctl.conf', content: `${lines.join('\n')}\n` }]
  },
}

function hugePages(recommendation: Recommendation, { hugePages: exact }: RenderOptions): string[] {
  const { version } = recommendation.facts.postgres
  const pages = exact ?? estimateHugePages(recommendation)
  const how =
    version >= 15
      ? 'The exact number, with the server stopped: postgres -D DATA -C shared_memory_size_in_huge_pages'
      : 'PostgreSQL 14 cannot tell the exact number.'
  return [
    ...comment(
      `Pages of ${sizeText(hugePageSize)} for all shared memory: ${exact === undefined ? 'an estimate from above' : 'as this server tells'}. They are set aside for PostgreSQL even while it does not run; too few of them, and it uses none (huge_pages = try) or does not start (on). Set them early after boot, before memory is in pieces.`,
    ),
    ...(exact === undefined ? comment(how) : []),
    `vm.nr_hugepages = ${pages}`,
  ]
}

// CommitLimit is swap + (memory - huge pages) x ratio / 100: Documentation/filesystems/proc in the kernel.
function overcommit(recommendation: Recommendation, { hugePages: exact }: RenderOptions): string[] {
  const { limit, reserve } = recommendation.memory
  const huge = (exact ?? estimateHugePages(recommendation)) * hugePageSize
  const ratio = Math.floor((100 * (limit - reserve - huge)) / (limit - huge))
  return [
    ...comment(
      `With 2 a session gets "out of memory" for its statement, where by default the kernel kills a process and PostgreSQL restarts all sessions. It counts what is asked for, not what is used, so that programs which ask for much and use little (a JVM, Node.js, Go) fail: only for a machine with nothing else on it, and never for a container's host. The ratio leaves the reserve of ${sizeText(reserve)} out; with swap it may be lower. Take the two marks off if that is this machine.`,
    ),
    '#vm.overcommit_memory = 2',
    `#vm.overcommit_ratio = ${ratio}`,
  ]
}

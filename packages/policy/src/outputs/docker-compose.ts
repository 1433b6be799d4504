import { amountOf } from '../catalogue/entry-of.ts'
import type { Storage } from '../facts/server-facts.ts'
import { serverMemory } from '../memory/server-memory.ts'
import { shmSize } from '../memory/shm-size.ts'
import type { Recommendation } from '../recommendation.ts'
import { comment } from '../text/comment.ts'
import { head } from '../text/head.ts'
import { sizeText } from '../text/size-text.ts'
import { GB, MB, minute } from '../units.ts'
import type { Output } from './output.ts'

/** What a disk writes while pages come in no order, in bytes per second: a careful guess, it only bounds a wait. */
const writeRate: Readonly<Record<Storage, number>> = {
  hdd: 40 * MB,
  network: 80 * MB,
  ssd: 160 * MB,
  nvme: 400 * MB,
}

export const dockerCompose: Output = {
  name: 'docker-compose',
  summary: 'A compose file that lays memory, /dev/shm and the configuration over docker-compose.yml',
  render(recommendation, options) {
    const { facts } = recommendation
    const folder = options.profile === undefined ? '.' : `./configs/${options.profile}`
    const lines = [
      ...head('docker compose, laid over docker-compose.yml', recommendation, options),
      '#',
      `#   docker compose -f docker-compose.yml -f ${folder}/docker-compose.yml up --wait`,
      '#',
      ...comment('Paths are relative to the folder of the first file.'),
      ...(facts.workload.pooled ? comment(poolerNote) : []),
      'services:',
      '  postgres:',
      `    command: ${command(recommendation)}`,
      '    volumes:',
      `      - ${folder}/postgresql.conf:/etc/postgresql/postgresql.conf:ro`,
      ...inner(`The budget of postgresql.conf. A runaway query then ends this container, not the machine.`),
      `    mem_limit: ${size(serverMemory(recommendation))}`,
      ...inner('docker refuses more than the machine has.'),
      `    cpus: ${facts.cpus}`,
      ...inner(shmReason(recommendation)),
      `    shm_size: ${size(shmSize(recommendation))}`,
      '    ulimits:',
      ...comment(
        'Each session keeps up to max_files_per_process (1000) files open: one for every table and index.',
        '#',
        '      ',
      ),
      '      nofile: 65536',
      ...(amountOf(recommendation, 'io_method') === 'io_uring' ? lockedMemory : []),
      ...inner(stopReason(recommendation)),
      `    stop_grace_period: ${stopMinutes(recommendation)}m`,
    ]
    return [{ name: 'docker-compose.yml', content: `${lines.join('\n')}\n` }]
  },
}

const poolerNote =
  'PgBouncer is not started here: no image of it is pinned and tested. Run it beside this with the pgbouncer.ini made for the same facts.'

const lockedMemory = [...comment("io_uring locks memory for each session's queue.", '#', '      '), '      memlock: -1']

function inner(text: string): string[] {
  return comment(text, '#', '    ')
}

/** Without listen_addresses a published port leads nowhere: config_file takes the place of the image's file, which sets it. */
function command({ settings }: Recommendation): string {
  const listens = settings.some(({ name }) => name === 'listen_addresses')
  const base = 'postgres -c config_file=/etc/postgresql/postgresql.conf'
  return listens ? base : `${base} -c listen_addresses=*`
}

function shmReason({ vectors }: Recommendation): string {
  return `/dev/shm, of which docker gives 64 MB by default: a parallel index build takes its whole memory there at once, ${sizeText(vectors.build.sharedMemory)}, and parallel hash joins theirs. Only what is used counts against mem_limit.`
}

function stopReason({ facts }: Recommendation): string {
  return `A fast shutdown writes what is changed in shared_buffers first, at ${sizeText(writeRate[facts.storage])}/s or more; killed in the middle of it, the next start has to recover.`
}

function stopMinutes(recommendation: Recommendation): number {
  const buffers = Number(amountOf(recommendation, 'shared_buffers'))
  const seconds = buffers / writeRate[recommendation.facts.storage]
  return 1 + Math.ceil((seconds * 1000) / minute)
}

/** As docker has it: `4g`, `1536m`. */
function size(bytes: number): string {
  return bytes % GB === 0 ? `${bytes / GB}g` : `${Math.floor(bytes / MB)}m`
}

import { estimateHugePages, hugePageSize } from '../memory/huge-pages.ts'
import { serverMemory } from '../memory/server-memory.ts'
import { shmSize } from '../memory/shm-size.ts'
import type { Recommendation, Setting } from '../recommendation.ts'
import { comment } from '../text/comment.ts'
import { head, warningLines } from '../text/head.ts'
import { leftOut } from '../text/left-out.ts'
import { quoteYaml } from '../text/quote-yaml.ts'
import { sizeText } from '../text/size-text.ts'
import { splitList } from '../text/split-list.ts'
import { GB, MB } from '../units.ts'
import type { Output } from './output.ts'

/**
 * Settings that we may recommend and the operator keeps for itself: FixedConfigurationParameters in its pkg/postgres/configuration.go,
 * read in August 2026 (1.29). Its webhook refuses a Cluster that names one.
 */
const dropped: Readonly<Record<string, string>> = {
  listen_addresses: 'the operator sets it',
  archive_mode: 'the operator sets it: configure spec.backup',
  archive_command: 'the operator sets it: configure spec.backup',
  ssl: 'always on',
  ssl_cert_file: "the operator's certificates: spec.certificates",
  ssl_key_file: "the operator's certificates: spec.certificates",
  ssl_ca_file: "the operator's certificates: spec.certificates",
  ssl_min_protocol_version: "the operator's own default, TLSv1.3, is stricter",
  shared_preload_libraries: 'in a field of its own below',
}

export const cloudnativepg: Output = {
  name: 'cloudnativepg',
  summary: 'The part of a CloudNativePG Cluster that this is about, as a merge patch',
  render(recommendation, options) {
    const { facts, settings } = recommendation
    const kept = settings.filter(({ name }) => dropped[name] === undefined)
    const lines = [
      ...head('CloudNativePG', recommendation, options),
      '#',
      '#   kubectl patch cluster athena --type merge --patch-file cloudnativepg.yaml',
      ...warningLines(recommendation),
      ...notes(recommendation),
      'apiVersion: postgresql.cnpg.io/v1',
      'kind: Cluster',
      'metadata:',
      '  name: athena',
      'spec:',
      '  postgresql:',
      ...libraries(settings),
      '    parameters:',
      ...kept.flatMap((setting) => parameter(recommendation, setting)),
      '  resources:',
      ...comment(
        'The same as limits, so that the pod is of quality Guaranteed and the last to be evicted.',
        '#',
        '    ',
      ),
      ...['requests', 'limits'].flatMap((each) => [`    ${each}:`, ...resources(recommendation)]),
      '  ephemeralVolumesSizeLimit:',
      ...comment(
        `/dev/shm, which counts against the memory: a parallel index build takes its whole memory there, ${sizeText(recommendation.vectors.build.sharedMemory)}, and parallel hash joins theirs.`,
        '#',
        '    ',
      ),
      `    shm: ${quantity(shmSize(recommendation))}`,
    ]
    if (facts.workload.replicas > 0) lines.push(...comment(replicaNote, '#', '  '))
    return [{ name: 'cloudnativepg.yaml', content: `${lines.join('\n')}\n` }]
  },
}

const replicaNote =
  'Replicas are spec.instances less one; max_slot_wal_keep_size bounds what their slots keep, and wal_keep_size is 512 MB by the operator.'

function notes({ settings, facts }: Recommendation): string[] {
  return [
    ...leftOut(settings, (name) => dropped[name]),
    ...(facts.workload.pooled ? ['#', ...comment(poolerNote)] : []),
  ]
}

const poolerNote =
  'PgBouncer is a resource of its own, Pooler, with the values of the output pgbouncer.ini in spec.pgbouncer.parameters.'

function libraries(settings: readonly Setting[]): string[] {
  const items = splitList(settings.find(({ name }) => name === 'shared_preload_libraries')?.value ?? '')
  if (items.length === 0) return []
  return ['    shared_preload_libraries:', ...items.map((item) => `      - ${quoteYaml(item)}`)]
}

function parameter({ facts }: Recommendation, { name, value, reason }: Setting): string[] {
  const isOff = name === 'huge_pages' && !facts.hugePages
  const why = isOff
    ? 'Not `try`: on a node that has huge pages, of which this pod may have none, PostgreSQL would take one and be ended (bus error).'
    : reason
  // The operator takes strings only.
  return [...comment(why, '#', '      '), `      ${name}: ${quoteYaml(isOff ? 'off' : value)}`]
}

/** Huge pages are a resource of their own and no part of memory. */
function resources(recommendation: Recommendation): string[] {
  const { facts } = recommendation
  const huge = facts.hugePages ? estimateHugePages(recommendation) * hugePageSize : 0
  return [
    `      memory: ${quantity(serverMemory(recommendation) - huge)}`,
    `      cpu: '${facts.cpus}'`,
    ...(huge > 0 ? [`      hugepages-2Mi: ${quantity(huge)}`] : []),
  ]
}

function quantity(bytes: number): string {
  return bytes % GB === 0 ? `${bytes / GB}Gi` : `${Math.floor(bytes / MB)}Mi`
}

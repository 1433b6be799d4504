import type { Recommendation, Setting } from '../recommendation.ts'
import { comment } from '../text/comment.ts'
import { head, warningLines } from '../text/head.ts'
import { leftOut } from '../text/left-out.ts'
import { quoteYaml } from '../text/quote-yaml.ts'
import type { Output } from './output.ts'

/** Patroni sets these itself, on the command line: its documentation, PostgreSQL parameters controlled by Patroni (4.1). */
const dropped: Readonly<Record<string, string>> = {
  listen_addresses: 'postgresql.listen of each node says it',
  port: 'postgresql.listen of each node says it',
  cluster_name: 'scope says it',
  hot_standby: 'always on',
  wal_log_hints: 'always on',
}

/** Below these Patroni puts its own default in place of the value, without a word to the client. Same page. */
const least: Readonly<Record<string, { readonly value: number; readonly default: number }>> = {
  max_connections: { value: 25, default: 100 },
  max_locks_per_transaction: { value: 32, default: 64 },
  max_worker_processes: { value: 2, default: 8 },
  max_wal_senders: { value: 3, default: 10 },
  max_replication_slots: { value: 4, default: 10 },
}

export const patroni: Output = {
  name: 'patroni',
  summary: "Patroni's dynamic configuration, for patronictl edit-config --apply",
  render(recommendation, options) {
    const { settings } = recommendation
    const lines = [
      ...head("Patroni's dynamic configuration", recommendation, options),
      '#',
      '#   patronictl edit-config --apply patroni.yml',
      '#',
      ...comment(
        'The same lines go below bootstrap.dcs of a cluster that does not exist yet. A value in the patroni.yml of a node wins over this one, except where primary and replicas have to agree.',
      ),
      ...warningLines(recommendation),
      ...notes(recommendation),
      'postgresql:',
      '  parameters:',
      ...settings.filter(({ name }) => dropped[name] === undefined).flatMap(parameter),
    ]
    return [{ name: 'patroni.yml', content: `${lines.join('\n')}\n` }]
  },
}

function notes({ settings }: Recommendation): string[] {
  const low = settings.filter(({ name, amount }) => Number(amount) < (least[name]?.value ?? Number.NEGATIVE_INFINITY))
  return [
    ...leftOut(settings, (name) => dropped[name]),
    ...low.flatMap(({ name, value }) => ['#', ...comment(lowText(name, value))]),
    '#',
    ...comment(
      'After a change of max_connections, max_worker_processes, max_locks_per_transaction or max_wal_senders restart with patronictl restart: replicas first where a value grows, the primary first where it shrinks.',
    ),
  ]
}

function lowText(name: string, value: string): string {
  const limit = least[name]
  return `Warning: ${name} = ${value} is less than ${limit?.value}, the least that Patroni takes: it will use ${limit?.default} instead, for which the memory was not reckoned.`
}

function parameter({ name, value, reason }: Setting): string[] {
  return [...comment(reason, '#', '    '), `    ${name}: ${quoteYaml(value)}`]
}

import { maintenanceConnections } from '../connections/usable-connections.ts'
import { minute, second } from '../units.ts'
import type { SettingRule } from './setting-rule.ts'

const connectionsPage = 'PostgreSQL: Connections and Authentication'

export const connections: readonly SettingRule[] = [
  {
    name: 'listen_addresses',
    value: ({ listen }) => listen,
    reason: ({ listen }) =>
      listen === '*'
        ? 'Inside a container only published ports can be reached from outside, and without this not even those.'
        : 'As told. Who may connect is said by pg_hba.conf.',
    source: { kind: 'documentation', text: `${connectionsPage}, listen_addresses` },
  },
  {
    name: 'max_connections',
    value: ({ workload }) => workload.connections,
    reason: ({ workload, cpus }) =>
      workload.pooled
        ? `As many as the pooler and ${workload.connections - workload.active} others need; ${cpus} cores serve more clients through fewer sessions.`
        : 'Every session takes memory whether it works or waits; for more clients put a pooler in front, not more sessions.',
    source: { kind: 'rule of thumb', text: 'memory / 80 MB and a most per workload, unless told' },
  },
  {
    name: 'reserved_connections',
    value: ({ workload }) => maintenanceConnections(workload.connections) || undefined,
    reason: () =>
      'Monitoring and migrations, by roles with pg_use_reserved_connections, get in when applications took the rest.',
    source: { kind: 'documentation', text: `${connectionsPage}, reserved_connections` },
  },
  {
    name: 'idle_in_transaction_session_timeout',
    value: ({ workload }) => (workload.kind === 'desktop' ? undefined : 10 * minute),
    reason: () =>
      'A transaction forgotten open keeps vacuum from removing anything, and dead rows cost an HNSW search its candidates.',
    source: {
      kind: 'documentation',
      text: 'PostgreSQL: Client Connection Defaults, idle_in_transaction_session_timeout',
    },
  },
  {
    name: 'client_connection_check_interval',
    value: () => 10 * second,
    reason: () => 'A statement whose client is gone ends within 10 seconds instead of when it has finished.',
    source: { kind: 'documentation', text: `${connectionsPage}, client_connection_check_interval (Linux)` },
  },
  {
    name: 'tcp_keepalives_idle',
    value: () => minute,
    reason: () =>
      'A client that vanished from the network is noticed within two minutes; the operating system would take two hours.',
    source: { kind: 'documentation', text: `${connectionsPage}, tcp_keepalives_idle` },
  },
  {
    name: 'tcp_keepalives_interval',
    value: () => 10 * second,
    reason: () => 'Six probes, ten seconds apart, after the minute of tcp_keepalives_idle.',
    source: { kind: 'documentation', text: `${connectionsPage}, tcp_keepalives_interval` },
  },
  {
    name: 'tcp_keepalives_count',
    value: () => 6,
    reason: () => 'Unanswered probes after which the connection counts as lost.',
    source: { kind: 'documentation', text: `${connectionsPage}, tcp_keepalives_count` },
  },
]

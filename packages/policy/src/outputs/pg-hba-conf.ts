import { comment } from '../text/comment.ts'
import { head } from '../text/head.ts'
import type { Output } from './output.ts'

export const pgHbaConf: Output = {
  name: 'pg_hba.conf',
  summary: 'Who may connect: SCRAM only, over TLS where there is a certificate',
  render(recommendation, options) {
    const { tls, workload } = recommendation.facts
    const remote = tls === undefined ? 'host' : 'hostssl'
    // Without TLS no further than the networks of this machine's own interfaces.
    const address = tls === undefined ? 'samenet' : 'all'
    const replicas = workload.replicas > 0
    const lines = [
      ...head('pg_hba.conf', recommendation, options),
      '#',
      ...comment(
        'The first line that fits decides. A reload is enough; `SELECT * FROM pg_hba_file_rules WHERE error IS NOT NULL` first.',
      ),
      '',
      rule('# TYPE', 'DATABASE', 'USER', 'ADDRESS', 'METHOD'),
      ...comment("The operating system's user postgres, for backups and repair, needs no password on the socket."),
      rule('local', 'all', 'postgres', '', 'peer'),
      ...(replicas ? [rule('local', 'replication', 'postgres', '', 'peer')] : []),
      rule('local', 'all', 'all', '', 'scram-sha-256'),
      ...comment(`On this machine${workload.pooled ? ', which is where PgBouncer connects from' : ''}.`),
      rule('host', 'all', 'all', '127.0.0.1/32', 'scram-sha-256'),
      rule('host', 'all', 'all', '::1/128', 'scram-sha-256'),
      ...comment(
        tls === undefined
          ? 'Without a certificate what is sent can be read on the way: from the networks of this machine only.'
          : 'From elsewhere over TLS only. Narrow `all` to the networks of your applications.',
      ),
      rule(remote, 'all', 'all', address, 'scram-sha-256'),
      ...(replicas
        ? [
            ...comment(
              '`all` above does not mean replication. The role replicator has LOGIN and REPLICATION and nothing else.',
            ),
            rule(remote, 'replication', 'replicator', address, 'scram-sha-256'),
          ]
        : []),
      ...comment('What fits no line is refused anyway; these say that it is meant.'),
      rule('host', 'all', 'all', 'all', 'reject'),
      rule('host', 'replication', 'all', 'all', 'reject'),
    ]
    return [{ name: 'pg_hba.conf', content: `${lines.join('\n')}\n` }]
  },
}

function rule(type: string, database: string, user: string, address: string, method: string): string {
  return `${type.padEnd(8)} ${database.padEnd(12)} ${user.padEnd(11)} ${address.padEnd(13)} ${method}`
}

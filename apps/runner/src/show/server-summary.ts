import type { ServerDescription } from '@athena-pg/database'

/** What a server is, for people: a name and a fact per line. */
export function serverSummary(location: string, milliseconds: number, server: ServerDescription): string[] {
  const { pgvector } = server
  const rows: [string, string | undefined][] = [
    ['location', `${location} (answered in ${milliseconds} ms)`],
    ['server', `PostgreSQL ${server.versionText}${server.embedded ? ', embedded (PGlite)' : ''}${mode(server)}`],
    ['managed by', server.managed],
    ['database', `${server.database}, ${bytes(server.size)}, ${server.encoding}`],
    ['user', `${server.user}${server.superuser ? ' (superuser)' : ''}`],
    ['connection', server.embedded ? undefined : (server.tls ?? 'not encrypted')],
    ['pgvector', vector(pgvector)],
    ['Citus', server.citus],
    ['connections', server.embedded ? '1 process at a time' : `at most ${server.maxConnections}`],
  ]
  return rows.filter(([, fact]) => fact !== undefined).map(([name, fact]) => `${name.padEnd(12)}${fact}`)
}

function mode({ inRecovery, readOnly }: ServerDescription): string {
  if (inRecovery) return ', a standby (read-only)'
  return readOnly ? ', read-only by default_transaction_read_only' : ''
}

function vector({ installed, schema, available, creatable }: ServerDescription['pgvector']): string {
  if (installed !== undefined)
    return `${installed} in schema ${schema}${available === installed ? '' : ` (${available} available)`}`
  if (available === undefined) return 'not on this server: install the package postgresql-NN-pgvector'
  return creatable
    ? `${available} available, not created yet`
    : `${available} available, but this user may not create it`
}

function bytes(size: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB']
  const step = Math.min(Math.floor(Math.log2(Math.max(size, 1)) / 10), units.length - 1)
  return `${(size / 1024 ** step).toFixed(step === 0 ? 0 : 1)} ${units[step]}`
}

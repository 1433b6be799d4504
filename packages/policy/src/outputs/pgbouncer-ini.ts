import { PolicyError } from '../policy-error.ts'
import type { PoolAdvice, Recommendation } from '../recommendation.ts'
import { comment } from '../text/comment.ts'
import { head } from '../text/head.ts'
import type { Output, RenderOptions } from './output.ts'

export const pgbouncerIni: Output = {
  name: 'pgbouncer.ini',
  summary: 'PgBouncer in transaction mode, with an alias in session mode for migrations, and a userlist.txt',
  render(recommendation, options) {
    const { pooler } = recommendation.pools
    if (pooler === undefined) throw notPooled()
    return [
      { name: 'pgbouncer.ini', content: text(ini(recommendation, pooler, options)) },
      { name: 'userlist.txt', content: text(userlist) },
    ]
  },
}

type Pooler = NonNullable<PoolAdvice['pooler']>

function notPooled(): PolicyError {
  return new PolicyError({
    code: 'not_pooled',
    message: 'these facts have no pooler in front of PostgreSQL',
    detail: "Pool sizes follow from the server's connections, and those from whether it is pooled.",
    hint: 'Add --pooled.',
  })
}

// Comments stand on lines of their own: after a value they would be part of it.
function ini(recommendation: Recommendation, pooler: Pooler, options: RenderOptions): string[] {
  const { facts, pools } = recommendation
  const { poolSize, reserve, min, sessionPoolSize, clients } = pooler
  const most = poolSize + reserve
  return [
    ...head('pgbouncer.ini', recommendation, options, ';'),
    ';',
    ...say(pools.reason),
    '',
    '[databases]',
    ...say('For applications, with the pools of the section below.'),
    'athena = host=127.0.0.1 port=5432 dbname=athena',
    ...say(
      'For migrations, index builds and LISTEN, which need a session of their own: the same database under a name of its own, whose connections count separately.',
    ),
    `athena_session = host=127.0.0.1 port=5432 dbname=athena pool_mode=session pool_size=${sessionPoolSize} min_pool_size=0 max_db_connections=${sessionPoolSize}`,
    '',
    '[pgbouncer]',
    ...say(
      'This machine only. For clients elsewhere name an address of a private network, and client_tls_sslmode = require.',
    ),
    'listen_addr = 127.0.0.1',
    'listen_port = 6432',
    ...say(
      'Clients prove the password by SCRAM, and with the secret of userlist.txt PgBouncer proves it to the server.',
    ),
    'auth_type = scram-sha-256',
    ...say('Relative to the folder that PgBouncer is started in; for a service write the whole path.'),
    'auth_file = userlist.txt',
    '',
    ...say(
      'A server connection is free again after each transaction. So settings of a session get lost or leak to others: SET LOCAL hnsw.ef_search, not SET; LISTEN, advisory locks of a session and SQL PREPARE belong to athena_session.',
    ),
    'pool_mode = transaction',
    ...say(
      'Named statements of the protocol work in transaction mode from PgBouncer 1.24 on by default (200). With 1.21 to 1.23 take the semicolon off; older ones refuse the setting, and drivers must not name statements.',
    ),
    ';max_prepared_statements = 200',
    '',
    ...say(clientReason(pools, clients)),
    `max_client_conn = ${clients}`,
    ...say('Server connections for each pair of database and user, not for each database.'),
    `default_pool_size = ${poolSize}`,
    `min_pool_size = ${min}`,
    ...say('A burst gets these when clients have waited for reserve_pool_timeout seconds.'),
    `reserve_pool_size = ${reserve}`,
    'reserve_pool_timeout = 3',
    ...say(
      'So this caps what all users of `athena` open together. Another name in [databases] counts from zero: give it a cap of its own and take it off here.',
    ),
    `max_db_connections = ${most}`,
    ...say('A client that has waited this long for a connection is told so, in place of waiting two minutes.'),
    'query_wait_timeout = 20',
    ...say(
      'Unused connections go after ten minutes, all after an hour: what their sessions have cached goes with them.',
    ),
    'server_idle_timeout = 600',
    'server_lifetime = 3600',
    ...(facts.tls === undefined
      ? []
      : [
          ...say(
            'The server has a certificate. On one machine the password crosses no network, so `prefer` is enough.',
          ),
          'server_tls_sslmode = prefer',
        ]),
  ]
}

function clientReason({ application: { processes, max } }: PoolAdvice, clients: number): string {
  return `${processes} application processes x ${max} connections = ${processes * max}, and room for more: a client costs some kilobytes. Needs a limit of ${clients} + the server connections + 50 open files: ulimit -n.`
}

const userlist = [
  ...say(
    'One line for each role that connects: its name and its SCRAM secret, not its password, both in double quotes. As superuser:',
  ),
  ';',
  `;   psql -XAt -c "SELECT format('\\"%s\\" \\"%s\\"', rolname, rolpassword) FROM pg_authid WHERE rolname = 'athena'" >>userlist.txt`,
  ';',
  ...say(
    "The secret has to be the server's own, made with password_encryption = scram-sha-256: another one of the same password does not open it. Readable by PgBouncer's user alone (chmod 600). After a change of the password: once more, then RELOAD.",
  ),
]

function say(sentence: string): string[] {
  return comment(sentence, ';')
}

function text(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`
}

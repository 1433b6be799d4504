import type { Warn } from './warn.ts'

/** PgBouncer is told to connect to 127.0.0.1: see outputs/pgbouncer-ini.ts. */
const local = ['*', '0.0.0.0', '127.0.0.1', 'localhost']

/** Addresses that were told for clients elsewhere, and not for the pooler beside the server. */
export const warnOfPooler: Warn = ({ facts: { listen, workload } }) => {
  if (!workload.pooled || listen === undefined) return []
  if (listen.split(',').some((address) => local.includes(address.trim().toLowerCase()))) return []
  return [
    {
      code: 'pooler_shut_out',
      message: `the server listens on ${listen}, and PgBouncer on the same machine connects to 127.0.0.1`,
      hint: `Listen there as well: --listen 'localhost, ${listen}'.`,
    },
  ]
}

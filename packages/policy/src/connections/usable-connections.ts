import type { PostgresVersion, ServerFacts } from '../facts/server-facts.ts'
import { clamp } from '../rounding.ts'
import type { Get } from '../settings/setting-rule.ts'

/** Server connections of the alias in session mode: migrations, LISTEN, index builds. */
export const sessionPool = 3

/** reserved_connections: for monitoring and migrations where there are many; small servers have none to spare. */
export function maintenanceConnections(connections: number): number {
  return connections >= 50 ? 2 : 0
}

/** superuser_reserved_connections, whose default no rule changes. */
const superuserConnections = 3

/** `usableConnections` where nothing but the number is known yet: what our rules leave of so many. */
export function usableOf(connections: number, version: PostgresVersion): number {
  return connections - superuserConnections - (version >= 16 ? maintenanceConnections(connections) : 0)
}

/** Connections that applications can open: the others are kept for superusers and for maintenance. */
export function usableConnections({ postgres }: ServerFacts, get: Get): number {
  const reserved = postgres.version >= 16 ? get.number('reserved_connections') : 0
  return get.number('max_connections') - get.number('superuser_reserved_connections') - reserved
}

/** Kept free beside all pools. */
export function directConnections(usable: number): number {
  return clamp(Math.floor(usable / 10), 1, 5)
}

/** Clients that PgBouncer admits, at least: an idle one costs it some kilobytes. */
const leastClients = 1000

/** Most connections in the pool of one application process behind PgBouncer. */
export function pooledApplicationSize({ active, processes, poolSize }: ServerFacts['workload']): number {
  return poolSize ?? clamp(Math.ceil((2 * active) / processes), 2, 50)
}

/** max_client_conn: twice what the applications open, so that a deployment may run old and new side by side. */
export function poolerClients(workload: ServerFacts['workload']): number {
  return Math.max(leastClients, 2 * workload.processes * pooledApplicationSize(workload))
}

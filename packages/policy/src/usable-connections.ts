import type { ServerFacts } from './server-facts.ts'
import type { Get } from './setting-rule.ts'
import { clamp } from './values.ts'

/** Server connections of the alias in session mode: migrations, LISTEN, index builds. */
export const sessionPool = 3
/** Connections that applications can open: the others are kept for superusers and for maintenance. */
export function usableConnections({ postgres }: ServerFacts, get: Get): number {
  const reserved = postgres.version >= 16 ? get.number('reserved_connections') : 0
  return get.number('max_connections') - get.number('superuser_reserved_connections') - reserved
}

/** Kept free beside all pools. */
export function directConnections(usable: number): number {
  return clamp(Math.floor(usable / 10), 1, 5)
}

import type { FactSource } from '@athena-pg/policy'
import type { FactContext } from './options.ts'

/** Being written. */
export async function serverSource(_context: FactContext, _told: readonly FactSource[]): Promise<FactSource> {
  return { origin: 'server', facts: {} }
}

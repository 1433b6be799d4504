import type { FactSource } from '@athena-pg/policy'

/** Being written. */
export async function machineSource(): Promise<FactSource> {
  return { origin: 'this machine', facts: {} }
}

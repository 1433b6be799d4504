import { MB } from '../units.ts'
import type { Tool } from './tool.ts'

/** PostgreSQL as initdb leaves it: next to no values of its own, so that the catalogue answers the rest. */
export const defaults: Tool = {
  name: 'defaults',
  source: 'pg_settings.boot_val of each version; what the official image runs with when it is given no file',
  // initdb writes this into its file; built in are 8 MB before 15.
  settings: () => [{ name: 'shared_buffers', amount: 128 * MB }],
  assumptions: () => [],
}

import type { Tool } from './tool.ts'

/** PostgreSQL without a line of configuration: no values of its own, so that the catalogue answers everything. */
export const defaults: Tool = {
  name: 'defaults',
  source: 'pg_settings.boot_val of each version; what the official image runs with when it is given no file',
  settings: () => [],
  assumptions: () => [],
}

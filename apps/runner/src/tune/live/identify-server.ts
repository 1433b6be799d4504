import type pg from 'pg'
import type { ServerIdentity } from './undo-record.ts'

/** The same for a cluster of files for ever, and for its standbys. Any role may ask. */
export async function systemIdentifier(client: pg.ClientBase): Promise<string> {
  const { rows } = await client.query<{ system: string }>(
    'SELECT system_identifier::text AS system FROM pg_catalog.pg_control_system()',
  )
  return rows[0]?.system ?? ''
}

/** @param location as Database has it: `postgres@127.0.0.1:5432/app` */
export async function identifyServer(client: pg.ClientBase, location: string): Promise<ServerIdentity> {
  const { rows } = await client.query<{ directory: string | null }>(
    "SELECT setting AS directory FROM pg_catalog.pg_settings WHERE name = 'data_directory'",
  )
  return {
    system: await systemIdentifier(client),
    dataDirectory: rows[0]?.directory ?? '',
    address: location.replace(/^[^@]*@/, '').replace(/\/[^/]*$/, ''),
  }
}

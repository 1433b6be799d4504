import { AthenaError } from '@athena-pg/database'
import { resetSql, type WorkSession } from '../session.ts'
import { createRepairs } from './repairs.ts'

/**
 * Writes to the ledger alone, all or nothing.
 * @param sql statements that may use athena_migrations.repairs
 * @throws AthenaError `ledger_not_writable`
 */
export async function writeLedger(session: WorkSession, sql: readonly string[]): Promise<void> {
  const { client } = session
  // Another session can only be reading: it holds nothing for long.
  await client.query(resetSql(session, { lock_timeout: '10s' }))
  try {
    await client.query('BEGIN')
    const { rows } = await client.query("SELECT to_regclass('athena_migrations.repairs') IS NOT NULL AS there")
    // CREATE TABLE IF NOT EXISTS wants the right to create also where there is nothing to do.
    if (rows[0]?.there !== true) await client.query(createRepairs)
    for (const statement of sql) await client.query(statement)
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined)
    const { code, message } = error as { code?: string; message: string }
    if (code !== '42501' && code !== '25006') throw error
    const { rows } = await client.query('SELECT quote_ident(current_user) AS role')
    throw new AthenaError({
      code: 'ledger_not_writable',
      message: 'this role may not write to the migration ledger',
      detail: message,
      hint:
        code === '25006'
          ? 'Connect to the primary, as the role that applies migrations. Nothing was changed.'
          : `Connect as the role that applies migrations, or let it run: GRANT CREATE ON SCHEMA athena_migrations TO ${rows[0]?.role}; GRANT ALL ON ALL TABLES IN SCHEMA athena_migrations TO ${rows[0]?.role}; Nothing was changed.`,
      cause: error,
    })
  }
}

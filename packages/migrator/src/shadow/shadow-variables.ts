import type pg from 'pg'
import type { MigrationPackage } from '../discover.ts'
import { type Ledger, readLedger, recordedVariables } from '../ledger.ts'
import { detectedVariables } from '../planning/derive.ts'
import { declarationsOf, resolveVariables } from '../variables.ts'

/**
 * What a database says has been applied, and every settable variable as it has it, so that a shadow is rendered with the same:
 * what is recorded, else given, else found (where the vector extension lives), else the default. Reads only.
 * @throws AthenaError `ledger_unreadable`, and what resolving variables throws
 */
export async function ledgerAndVariables(
  client: pg.ClientBase,
  packages: readonly MigrationPackage[],
  given: Readonly<Record<string, string>> = {},
): Promise<{ ledger: Ledger; variables: Record<string, string> }> {
  const ledger = await readLedger(client)
  const inputs = { given, recorded: recordedVariables(ledger), detected: await detectedVariables(client) }
  return { ledger, variables: Object.fromEntries(resolveVariables(declarationsOf(packages), inputs)) }
}

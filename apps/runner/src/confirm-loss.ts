import type { Database } from '@athena-pg/database'
import type { Plan } from '@athena-pg/migrator'
import { confirm } from './confirm.ts'
import { planAsLines } from './migrations.ts'

/**
 * Shows what goes down, and asks. The embedded database is one person's own: there nobody is asked.
 * @param then what follows, for the question: ` and apply it again`
 * @throws AthenaError `confirmation_needed`, `not_confirmed`
 */
export async function confirmLoss(
  context: { options: { readonly yes: boolean | undefined }; isTerminal: boolean; talk(line: string): void },
  database: Database,
  down: Plan,
  then = '',
): Promise<void> {
  if (database.kind === 'embedded' || context.options.yes) return
  for (const line of planAsLines(down)) context.talk(line)
  context.talk('warning: what these Down sections drop is gone, data included; a backup is the only way back')
  const count = down.migrations.length
  await confirm(context, `take back ${count} migration${count === 1 ? '' : 's'} of ${database.location}${then}`)
}

import type { Rule } from '../rule.ts'
import { as, nameOf } from '../tree.ts'

export const rule: Rule = {
  id: 'citus_trigger',
  level: 'warning',
  places: ['up'],
  statements: ['CreateTrigStmt'],
  reason: 'Citus refuses triggers on distributed tables, so this table could not be moved onto a cluster.',
  help: 'Use a generated column, a DEFAULT, or do it in the function that writes.',
  source: 'https://docs.citusdata.com/en/stable/develop/reference_ddl.html',
  ok: ['CREATE EVENT TRIGGER watch ON ddl_command_end EXECUTE FUNCTION app.watch();'],
  err: ['CREATE TRIGGER touch BEFORE UPDATE ON app.notes FOR EACH ROW EXECUTE FUNCTION app.touch();'],
  *check({ statement }) {
    const trigger = as(statement.tree, 'CreateTrigStmt')
    if (trigger?.relation !== undefined) yield { detail: `${trigger.trigname} on ${nameOf(trigger.relation)}` }
  },
}

import { append } from '../edit.ts'
import type { Rule } from '../rule.ts'
import { as, keyOfParts, parts } from '../tree.ts'

export const rule: Rule = {
  id: 'validating_domain_constraint',
  level: 'error',
  places: ['up', 'down'],
  statements: ['AlterDomainStmt'],
  reason:
    'A new constraint of a domain is checked in every table that has a column of the domain, with SHARE held on all of them: their writers wait.',
  help: 'Add it NOT VALID, and in a later migration ALTER DOMAIN … VALIDATE CONSTRAINT.',
  source: 'https://www.postgresql.org/docs/current/sql-alterdomain.html',
  ok: [
    "ALTER DOMAIN app.code ADD CONSTRAINT code_size CHECK (VALUE <> '') NOT VALID;",
    "CREATE DOMAIN app.code AS text;\nALTER DOMAIN app.code ADD CONSTRAINT code_size CHECK (VALUE <> '');",
  ],
  err: ["ALTER DOMAIN app.code ADD CONSTRAINT code_size CHECK (VALUE <> '');"],
  *check({ statement, known }) {
    const alter = as(statement.tree, 'AlterDomainStmt')
    const constraint = as(alter?.def, 'Constraint')
    const isNotNull = alter?.subtype === 'O'
    if (alter === undefined || (!isNotNull && (alter.subtype !== 'C' || constraint?.skip_validation === true))) return
    const key = keyOfParts(parts(alter.typeName))
    if (known.domains.get(key) === known.era) return
    const edit = isNotNull ? undefined : append(statement, ' NOT VALID')
    yield { detail: key, fix: edit && { edits: [edit] } }
  },
}

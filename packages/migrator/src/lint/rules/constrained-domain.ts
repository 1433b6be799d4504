import type { Rule } from '../rule.ts'
import { allOf, as, keyOfParts, parts } from '../tree.ts'

export const rule: Rule = {
  id: 'constrained_domain',
  level: 'warning',
  places: ['up'],
  statements: ['CreateDomainStmt'],
  reason: 'The constraint of a domain can only be replaced by checking every table that has a column of the domain.',
  help: 'Put a CHECK on the column: it can be added NOT VALID and validated one table at a time.',
  source: 'https://www.postgresql.org/docs/current/sql-alterdomain.html',
  ok: ['CREATE DOMAIN app.code AS text;', "CREATE DOMAIN app.code AS text DEFAULT 'a';"],
  err: ["CREATE DOMAIN app.code AS text CHECK (VALUE <> '');", 'CREATE DOMAIN app.code AS text NOT NULL;'],
  *check({ statement }) {
    const create = as(statement.tree, 'CreateDomainStmt')
    const constraints = allOf(create?.constraints, 'Constraint')
    if (constraints.some(({ contype }) => contype === 'CONSTR_CHECK' || contype === 'CONSTR_NOTNULL'))
      yield { detail: keyOfParts(parts(create?.domainname)) }
  },
}

import { isNew } from '../known.ts'
import type { Rule } from '../rule.ts'
import { allOf, as } from '../tree.ts'

export const rule: Rule = {
  id: 'full_vacuum',
  level: 'error',
  places: ['up', 'down'],
  statements: ['VacuumStmt'],
  reason:
    'VACUUM FULL writes the whole table anew under ACCESS EXCLUSIVE: nobody can read or write it meanwhile, and it needs the space twice.',
  help: 'Plain VACUUM makes the space reusable. To give it back to the system use pg_repack or pg_squeeze, REINDEX CONCURRENTLY for indexes, or REPACK (CONCURRENTLY) from PostgreSQL 19 on.',
  source: 'https://www.postgresql.org/docs/current/sql-vacuum.html',
  ok: ['--! no-transaction\n-- Up Migration\nVACUUM (ANALYZE) app.notes;\n\n-- Down Migration\n'],
  err: [
    '--! no-transaction\n-- Up Migration\nVACUUM FULL app.notes;\n\n-- Down Migration\n',
    '--! no-transaction\n-- Up Migration\nVACUUM (FULL, ANALYZE);\n\n-- Down Migration\n',
  ],
  *check({ statement, known }) {
    const vacuum = as(statement.tree, 'VacuumStmt')
    const full = allOf(vacuum?.options, 'DefElem').find(({ defname }) => defname === 'full')
    if (full === undefined || /^(false|off|0)$/i.test(as(full.arg, 'String')?.sval ?? '')) return
    const relations = allOf(vacuum?.rels, 'VacuumRelation')
    if (relations.length > 0 && relations.every(({ relation }) => isNew(known, relation))) return
    yield { at: full.location }
  },
}

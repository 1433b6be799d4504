import { scan } from '../../sql-text/scan.ts'
import type { Rule } from '../rule.ts'

/** Bytes that PostgreSQL keeps of a name. */
const longest = 63

export const rule: Rule = {
  id: 'truncated_identifier',
  level: 'warning',
  places: ['up', 'down', 'function'],
  reason:
    'PostgreSQL cuts names after 63 bytes without an error, so two long names may be one, and a search for this one finds nothing.',
  help: 'Choose a name of at most 63 bytes.',
  source: 'https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS',
  ok: [`CREATE TABLE app.${'n'.repeat(63)} (n int);`, `COMMENT ON TABLE app.notes IS '${'n'.repeat(99)}';`],
  err: [`CREATE TABLE app.${'n'.repeat(64)} (n int);`, `CREATE TABLE app."${'ä'.repeat(32)}" (n int);`],
  *check({ statement }) {
    if (!/[\w$]{64}|["\u0080-\uffff]/.test(statement.sql)) return
    const names = scan(statement.sql).flatMap(({ kind, start, end }) => {
      const text = statement.sql.slice(start, end)
      if (kind === 'code')
        return [...text.matchAll(/[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/g)].map((match) => ({
          name: match[0],
          at: start + match.index,
        }))
      return kind === 'quoted' && text.startsWith('"')
        ? [{ name: text.slice(1, -1).replaceAll('""', '"'), at: start }]
        : []
    })
    for (const { name, at } of names) {
      const length = Buffer.byteLength(name)
      if (length <= longest) continue
      const before = Buffer.byteLength(statement.sql.slice(0, at))
      yield { at: statement.byteOffset + before, detail: `It has ${length} bytes.` }
    }
  },
}

import type { Rule } from '../rule.ts'
import { allOf, as, integer } from '../tree.ts'

export const rule: Rule = {
  id: 'small_ef_construction',
  level: 'error',
  places: ['up', 'down'],
  statements: ['IndexStmt'],
  reason: 'pgvector refuses an HNSW index whose ef_construction is less than twice its m.',
  help: 'Raise ef_construction to at least 2 × m, or leave both out: m is then 16 and ef_construction 64.',
  source: 'https://github.com/pgvector/pgvector#index-options',
  ok: [
    'CREATE TABLE app.notes (e vector(3));\nCREATE INDEX ON app.notes USING hnsw (e vector_l2_ops) WITH (m = 32, ef_construction = 64);',
    'CREATE TABLE app.notes (e vector(3));\nCREATE INDEX ON app.notes USING hnsw (e vector_l2_ops);',
  ],
  err: [
    'CREATE TABLE app.notes (e vector(3));\nCREATE INDEX ON app.notes USING hnsw (e vector_l2_ops) WITH (m = 16, ef_construction = 31);',
    'CREATE TABLE app.notes (e vector(3));\nCREATE INDEX ON app.notes USING hnsw (e vector_l2_ops) WITH (m = 40);',
  ],
  *check({ statement }) {
    const index = as(statement.tree, 'IndexStmt')
    if (index?.accessMethod !== 'hnsw') return
    const options = allOf(index.options, 'DefElem')
    const numberOf = (name: string, preset: number): number | undefined => {
      const option = options.find(({ defname }) => defname === name)
      return option === undefined ? preset : integer(option.arg)
    }
    const m = numberOf('m', 16)
    const candidates = numberOf('ef_construction', 64)
    if (m === undefined || candidates === undefined || candidates >= 2 * m) return
    const at = options.find(({ defname }) => defname === 'ef_construction' || defname === 'm')?.location
    yield { at, detail: `ef_construction ${candidates} < 2 × ${m}.` }
  },
}

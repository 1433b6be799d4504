import type { TypeName } from 'libpg-query'
import { tableOf } from '../known.ts'
import type { Context, Rule } from '../rule.ts'
import { allOf, as, type Nodes, nameOf, parts, typeModifier, typeOf } from '../tree.ts'

/** Dimensions that pgvector indexes. sparsevec is limited by its non-zero elements, which its type does not tell. */
const limits: Partial<Record<string, number>> = { vector: 2000, halfvec: 4000, bit: 64_000 }

/** Type of what is indexed: of the column, where it is known, or the one an expression is cast to. */
function typeIndexed({ known }: Context, index: Nodes['IndexStmt'], element: Nodes['IndexElem']): TypeName | undefined {
  if (element.name !== undefined) return tableOf(known, index.relation)?.columns.get(element.name)
  const call = as(element.expr, 'FuncCall')
  if (parts(call?.funcname).at(-1) === 'binary_quantize') return undefined
  return as(element.expr, 'TypeCast')?.typeName
}

export const rule: Rule = {
  id: 'vector_index_over_limit',
  level: 'error',
  places: ['up', 'down'],
  statements: ['IndexStmt'],
  reason:
    'pgvector builds HNSW and IVFFlat for at most 2,000 dimensions of vector, 4,000 of halfvec and 64,000 of bit.',
  help: 'Index it as halfvec: ((embedding::halfvec(n)) halfvec_cosine_ops); beyond 4,000 index binary_quantize(embedding)::bit(n), or a subvector(), and rank again by the exact distance.',
  source: 'https://github.com/pgvector/pgvector#hnsw',
  ok: [
    'CREATE TABLE app.notes (e vector(2000));\nCREATE INDEX ON app.notes USING hnsw (e vector_cosine_ops);',
    'CREATE TABLE app.notes (e vector(3000));\nCREATE INDEX ON app.notes USING hnsw ((e::halfvec(3000)) halfvec_cosine_ops);',
    'CREATE TABLE app.notes (e vector(9000));\nCREATE INDEX ON app.notes USING hnsw ((binary_quantize(e)::bit(9000)) bit_hamming_ops);',
  ],
  err: [
    'CREATE TABLE app.notes (e vector(3072));\nCREATE INDEX ON app.notes USING hnsw (e vector_cosine_ops);',
    'CREATE TABLE app.notes (e vector(9000));\nCREATE INDEX ON app.notes USING hnsw ((e::halfvec(4001)) halfvec_l2_ops);',
    'CREATE TABLE app.notes (e bit(64001));\nCREATE INDEX ON app.notes USING hnsw (e bit_hamming_ops);',
  ],
  *check(context) {
    const index = as(context.statement.tree, 'IndexStmt')
    if (index === undefined || !['hnsw', 'ivfflat'].includes(index.accessMethod ?? '')) return
    for (const element of allOf(index.indexParams, 'IndexElem')) {
      const type = typeIndexed(context, index, element)
      const dimensions = typeModifier(type)
      const limit = limits[typeOf(type)]
      if (limit === undefined || dimensions === undefined || dimensions <= limit || index.relation === undefined)
        continue
      yield {
        detail: `${typeOf(type)}(${dimensions}) on ${nameOf(index.relation)}: the limit is ${limit.toLocaleString('en')}.`,
      }
    }
  },
}
